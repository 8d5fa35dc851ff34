/** The frame of the page: tabs, notices, and which tab is shown. */
import {html, nothing, render} from '../_static/lit-html/lit-html.js';
import {call} from './api.js';
import {deadLettersTab, watchDeadLetters} from './dead-letters.js';
import {isDevMode, tryOut, watchDev} from './dev.js';
import {duration, outside, short, time} from './format.js';
import {instancesTab, watchInstances} from './instances.js';
import {Live} from './live.js';
import {pipelineTab} from './pipeline.js';
import {redriveDialog} from './redrive.js';
import {changed, drawWith, state, touched} from './store.js';

const TITLES = {orders: 'Orders', events: 'Events', 'item-orders': 'Item orders'};
const POLL = 2_000;

function tabs() {
  return [...state.pipelines.map(name => ({id: name, title: TITLES[name] ?? name})),
    {id: 'dead-letters', title: 'Dead letters', badge: state.deadLetters.summary?.groups.reduce((sum, group) => sum + group.open, 0)},
    {id: 'instances', title: 'Instances'}];
}

function isPipeline(tab) {
  return state.pipelines.includes(tab);
}

function route() {
  const wanted = decodeURIComponent(location.hash.replace(/^#\/?/, '').split('?')[0]);
  state.tab = tabs().some(tab => tab.id === wanted) ? wanted : state.pipelines[0];
  const pipeline = isPipeline(state.tab) ? state.tab : state.pipelines[0];
  if (state.live?.pipeline !== pipeline) {
    state.live?.close();
    state.live = new Live(pipeline, state.range);
  }
  document.title = `${tabs().find(tab => tab.id === state.tab)?.title ?? 'Orders'} · orderstream`;
  poll();
  touched();
}

/** What is not streamed is asked for while its tab is open; the number of dead letters always. */
async function poll() {
  clearTimeout(poll.timer);
  if (!document.hidden) {
    await Promise.allSettled([watchDeadLetters(), state.tab === 'instances' ? watchInstances() : null]);
    changed();
  }
  clearTimeout(poll.timer);
  poll.timer = setTimeout(poll, POLL);
}

function connection() {
  const live = state.live;
  if (live.isStale) {
    return html`<p class="state stale" role="status">no data for ${live.silence} s, trying again</p>`;
  }
  return html`<p class="state">${live.tick ? 'live' : 'connecting'}</p>`;
}

function outage(one) {
  const next = one.nextProbeAt ? new Date(one.nextProbeAt).getTime() - state.now : null;
  return html`<div class="notice outage" role="alert">
    <strong>${TITLES[one.pipeline] ?? one.pipeline} wait for the ${one.cause}.</strong>
    <span class="grow">${outside(one.reason)}</span>
    <span class="muted number">since ${time(one.since)}, ${duration(state.now - new Date(one.since).getTime())}${
      next == null ? nothing : html` · ${next > 0 ? `next probe in ${duration(next)}` : 'probing'}`}</span>
  </div>`;
}

function page() {
  const live = state.live;
  return html`
    <header class="top">
      <h1 class="brand"><img src="page/icon.svg" alt="">orderstream</h1>
      <nav class="tabs" aria-label="Views">${tabs().map(tab => html`
        <a href="#/${tab.id}" aria-current=${state.tab === tab.id ? 'page' : nothing}>${tab.title}${
          tab.badge ? html`<span class="badge number" title="open dead letters">${short(tab.badge)}</span>` : nothing}</a>`)}
      </nav>
      ${connection()}
    </header>
    <main class=${live.isStale ? 'stale' : ''}>
      ${state.outages.map(outage)}
      ${isDevMode() ? tryOut() : nothing}
      ${state.tab === 'dead-letters' ? deadLettersTab() : state.tab === 'instances' ? instancesTab() : pipelineTab(live, TITLES[live.pipeline] ?? live.pipeline)}
    </main>
    ${redriveDialog()}`;
}

async function start() {
  drawWith(() => state.live && render(page(), document.getElementById('page')));
  addEventListener('hashchange', route);
  document.addEventListener('visibilitychange', () => document.hidden || poll());
  // A page that hears nothing has to say so, and a countdown goes on.
  setInterval(changed, 500);
  await names();
  route();
}

/** The orders come first, and pipelines of one's own after those that come along. */
function rank(pipeline) {
  const titles = Object.keys(TITLES);
  return titles.includes(pipeline) ? titles.indexOf(pipeline) : titles.length;
}

async function names() {
  try {
    const [pipelines, about] = await Promise.all([call('api/pipelines'), call('api/application')]);
    state.pipelines = pipelines.sort((one, other) => rank(one) - rank(other));
    if (about.devMode) {
      watchDev();
    }
  } catch {
    // The application is not there yet: the tabs follow when it is.
    setTimeout(async () => { await names(); touched(); }, POLL);
  }
}

document.getElementById('page').replaceChildren();
start();
