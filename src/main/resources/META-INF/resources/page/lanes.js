/** The keys that have records in work, one lane each: a record that is retried holds up its own lane and no other. */
import {html, nothing} from '../_static/lit-html/lit-html.js';
import {count, outside, plural, shortened} from './format.js';
import {dueIn} from './pipeline.js';

const MOST_DRAWN = 20;

export function lanes(live) {
  const {total, lanes: drawn} = live.lanes;
  return html`<section class="panel"><header><h2>Lanes</h2><span class="muted number">${plural(total, 'key')} in work</span></header>
    ${total === 0 ? html`<p class="empty">No record is in work. Records of one key are processed in their order; a key that waits for a retry holds up no other.</p>` : html`
    <div class="lanes" role="list">${drawn.map(lane => row(live, lane))}</div>
    ${total > drawn.length ? html`<p class="muted number">and ${count(total - drawn.length)} more</p>` : nothing}`}
  </section>`;
}

function row(live, lane) {
  const behind = Math.min(lane.waiting, MOST_DRAWN);
  return html`<div class="lane ${lane.state}" role="listitem">
    <span class="key code" title=${lane.key ?? 'no key'}>${outside(shortened(lane.key, 9))}</span>
    <span class="track" aria-hidden="true"><i class="head"></i>${Array.from({length: behind}, () => html`<i></i>`)}</span>
    <span class="behind number" title=${`${count(lane.waiting)} behind it`}>${lane.waiting > 0 ? `+${count(lane.waiting)}` : nothing}</span>
    <span class="what">${what(live, lane)}</span>
  </div>`;
}

function what(live, lane) {
  switch (lane.state) {
    case 'retrying':
      return `retry ${lane.attempt} of ${lane.attempts - 1}${dueIn(live, lane)}`;
    case 'decoding':
      return 'waits for its schema';
    case 'paused':
      return 'outage';
    case 'writing':
      return 'dead letter';
    default:
      return lane.attempt > 1 ? `attempt ${lane.attempt}` : 'in work';
  }
}
