/** What the order tracker and the events count by key, asked for while one of them is shown. */
import {html, nothing} from '../_static/lit-html/lit-html.js';
import {call} from './api.js';
import {count, outside} from './format.js';
import {changed} from './store.js';

const SOURCES = {
  events: {path: 'api/events/stats', groups: stats => [['By type', Object.entries(stats.types).map(([name, type]) => [name, type.processed])]]},
  'item-orders': {
    path: 'api/tracker/stats?limit=8',
    groups: stats => [['Top users', stats.topUsers.map(user => [user.name, user.orders])], ['Top items', stats.topItems.map(item => [item.name, item.quantity])]],
  },
};
const EVERY = 2_000;
const known = {};

export function countsOf(live) {
  const source = SOURCES[live.pipeline];
  if (source === undefined) {
    return nothing;
  }
  refresh(live.pipeline, source);
  const groups = known[live.pipeline]?.groups ?? [];
  return html`<div class="grid">${groups.map(([title, rows]) => html`<section class="panel"><header><h2>${title}</h2></header>${bars(rows)}</section>`)}</div>`;
}

function bars(unsorted) {
  const rows = unsorted.toSorted(([, one], [, other]) => other - one);
  const most = Math.max(1, ...rows.map(([, number]) => number));
  return rows.length === 0 ? html`<p class="empty">Nothing counted yet.</p>` : html`<div class="bars">${rows.map(([name, number]) => html`
    <div class="bar"><span class="name" title=${name}>${outside(name)}</span>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width=${100 * number / most} height="10"></rect></svg>
      <span class="number">${count(number)}</span></div>`)}</div>`;
}

async function refresh(pipeline, source) {
  const before = known[pipeline];
  if (before && Date.now() - before.askedAt < EVERY) {
    return;
  }
  known[pipeline] = {askedAt: Date.now(), groups: before?.groups};
  try {
    known[pipeline].groups = source.groups(await call(source.path));
    changed();
  } catch {
    // The page shows by itself that nothing is heard.
  }
}
