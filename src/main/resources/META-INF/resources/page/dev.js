/** Dev mode only: four things to try, which lead through the first minute. */
import {html, nothing} from '../_static/lit-html/lit-html.js';
import {call} from './api.js';
import {count, duration, money, plural} from './format.js';
import {state, touched} from './store.js';

const DISMISSED = 'orderstream.steps';
const REFRESH = 5_000;
const OUTAGE_SECONDS = 20;
/** What is heard sooner after a kill was sent before it. */
const SHORTEST_START = 3_000;
const view = state.dev;
Object.assign(view, {trial: null, said: '', failed: false, killed: null, stepsShown: localStorage.getItem(DISMISSED) == null});

/** Asks what can be tried out, and again, since somebody else may change it, or a restart. */
export async function watchDev() {
  clearTimeout(watchDev.timer);
  try {
    view.trial = document.hidden ? view.trial : await call('api/dev');
    touched();
  } catch {
    // The page says by itself that the application does not answer.
  }
  watchDev.timer = setTimeout(watchDev, REFRESH);
}

export function isDevMode() {
  return view.trial != null && state.tab === 'orders';
}

export function tryOut() {
  return html`${view.killed ? killed() : nothing}
    <section class="panel"><header><h2>${view.stepsShown ? 'The first minute' : 'Try it'}</h2><span class="muted">in dev mode only</span>
        <span class="right ${view.failed ? 'refusal' : 'muted'}" role="status">${view.said}</span>
        ${view.stepsShown ? html`<button class="button" type="button" @click=${dismiss}>Do not explain again</button>` : nothing}</header>
      <div class="trials">${orders()}${faults()}${outage()}${kill()}</div></section>`;
}

/** What to look for stands with what to press, until it is dismissed; then one sentence remains. */
function trial(title, explanation, expectation, controls) {
  return html`<div class="trial">${view.stepsShown ? html`<h3>${title}</h3><p>${explanation}</p>` : nothing}
    ${controls}<p class="muted">${expectation}</p></div>`;
}

function orders() {
  const {ordersPerSecond} = view.trial;
  return trial('1. Orders flow', html`They are written to Kafka, read, handled and averaged. In the first chart each point is the price of an order, and
      the line is the average of all: ${count(state.live?.tick?.group?.processed)} so far.`,
  'With 1,000 at once the bars and the lag jump, and the average hardly moves.', html`
    <label class="field">Orders per second, 0 for none<input type="number" min="0" max="5000" step="any" .value=${String(ordersPerSecond)}
      @change=${event => change(event.target, {ordersPerSecond: Number(event.target.value)}, ordersPerSecond)}></label>
    ${button('1,000 orders now', 'orders', {count: 1000})}`);
}

function faults() {
  const percent = Math.round(view.trial.errorRate * 100);
  return trial('2. Some fail', html`${view.trial.errorRate == null ? nothing : `${percent} % are made to fail, and half of these succeed later. `}An order that
      waits for its retry is amber in the lanes, and holds up only orders of its own key. What cannot succeed becomes a dead letter, with its reason.`,
  'A poison order becomes a dead letter at once. Nobody waits for it.', html`
    ${view.trial.errorRate == null ? html`<p class="muted">Your own handler has its own faults.</p>` : html`
    <label class="field">Orders that fail, %<input type="number" min="0" max="100" .value=${String(percent)}
      @change=${event => change(event.target, {errorRate: Number(event.target.value) / 100}, percent)}></label>`}
    ${button('One poison order', 'poison', {})}`);
}

function outage() {
  const left = view.trial.outageUntil ? new Date(view.trial.outageUntil).getTime() - state.now : 0;
  return trial('3. A dependency goes away', `For ${OUTAGE_SECONDS} seconds every call of the handler fails. A banner says so, orders wait, and the pipeline asks until
      the dependency is back. The number of dead letters stays as it is.`,
  left > 0 ? `It is away for another ${duration(left)}.` : 'Orders wait, and none of them becomes a dead letter.',
  left > 0 ? button('Give the dependency back', 'outage', {seconds: 1})
    : button('Take the dependency away', 'outage', {seconds: OUTAGE_SECONDS}));
}

function kill() {
  return trial('4. The process is killed', html`Without any warning, as by <span class="code">kill -9</span>. Start it again: the average goes on where it was,
      since offset and totals are one commit. Nothing is lost, and nothing is counted twice.`,
  'Then start it again in its terminal.', button('kill -9 me', 'kill', {}, 'danger'));
}

function button(title, path, body, kind = '') {
  return html`<button class="button ${kind}" type="button" @click=${() => act(path, body, title)}>${title}</button>`;
}

async function act(path, body, title) {
  if (path === 'kill') {
    view.killed = {at: Date.now(), tick: state.live?.tick};
  }
  if (await send(path, body)) {
    view.said = `Done: ${title}`;
  } else if (path === 'kill') {
    view.killed = null;
  }
  touched();
}

/** What was typed and is refused gives way to what holds. */
async function change(input, changed, before) {
  if (!await send('faults', changed)) {
    input.value = String(before);
  }
}

async function send(path, body) {
  view.said = '';
  view.failed = false;
  try {
    view.trial = await call(`api/dev/${path}`, {method: 'POST', body}) ?? view.trial;
  } catch (failure) {
    view.said = failure.message;
    view.failed = true;
  }
  touched();
  return !view.failed;
}

/** What the group had committed before, and has now that the application is there again. */
function killed() {
  const {at, tick: before} = view.killed;
  const now = state.live?.tick;
  const isBack = now != null && now !== before && state.live.heardAt > at + SHORTEST_START;
  return html`<div class="notice" role="status">
    <strong>${isBack ? 'It is back.' : 'It was killed.'}</strong>
    <span class="grow">Before: ${plural(before?.group?.processed, 'order')}, average ${money(before?.group?.average)}.
      ${isBack ? html`Now: ${plural(now.group?.processed, 'order')}, average ${money(now.group?.average)}. Nothing is lost, and nothing is counted twice.`
        : html`Start it again in its terminal with <span class="code">./mvnw quarkus:dev</span>; this page goes on by itself.`}</span>
    <button class="button" type="button" @click=${() => { view.killed = null; touched(); }}>Close</button></div>`;
}

function dismiss() {
  view.stepsShown = false;
  localStorage.setItem(DISMISSED, 'dismissed');
  touched();
}
