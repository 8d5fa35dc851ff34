/** The view of one pipeline: figures, charts, lanes, lag, and the latest records. */
import {html, nothing} from '../_static/lit-html/lit-html.js';
import './chart.js';
import {countsOf} from './counts.js';
import {NONE, clockTime, count, duration, money, outside, short, shortened, time} from './format.js';
import {lanes} from './lanes.js';
import {state, touched} from './store.js';

const RANGES = [['1m', '1 min', 60_000], ['15m', '15 min', 900_000], ['all', 'since start', null]];

export function pipelineTab(live, title) {
  return html`
    ${live.error ? html`<div class="notice error" role="alert"><strong>No history.</strong> <span class="grow">${live.error}</span></div>` : nothing}
    ${figures(live)}
    <div class="grid">
      <section class="panel">
        <header><h2>${hasMoney(live) ? 'Running average and prices' : 'In work and waiting'}</h2>${legend(live)}<div class="right">${choices(live)}</div></header>
        ${chart(live, hasMoney(live) ? averages : work, '')}
      </section>
      ${lanes(live)}
    </div>
    <div class="grid">
      <section class="panel">
        <header><h2>Records <span class="unit">per second</span></h2>
          <p class="legend"><span>processed</span><span class="retry">retried</span><span class="dead">dead-lettered</span><span class="shade">outage</span></p></header>
        ${chart(live, rates, 'low')}
      </section>
      ${lag(live)}
    </div>
    ${countsOf(live)}
    ${latest(live, title)}`;
}

function hasMoney(live) {
  return live.pipeline === 'orders';
}

function figures(live) {
  const tick = live.tick;
  const own = tick?.totals;
  const group = tick?.group;
  return html`<dl class="figures" aria-label="Totals">
    ${hasMoney(live)
      ? figure('lead', 'Average', money(group?.average), 'per order', `sum ${money(group?.revenue)}`)
      : figure('lead', 'Received', count(group?.received), 'records', `${count(own?.received)} by this instance`)}
    ${figure('', 'Processed', count(group?.processed), '', `${count(own?.processed)} by this instance`)}
    ${figure('retry', 'Retries', count(tick?.retries), '', 'by this instance')}
    ${figure('dead', 'Dead letters', count(group?.deadLettered), '', `${count(own?.deadLettered)} by this instance`)}
    ${figure('', 'In work', count(tick?.inWork), 'records', `${count(tick?.waiting)} wait for a retry`)}
    ${figure('', 'Lag', count(tick?.lag), 'records', lagOfTime(tick))}
  </dl>`;
}

function lagOfTime(tick) {
  return tick == null ? NONE : tick.lag == null ? 'the broker does not answer' : `${tick.partitions.length} partitions here`;
}

function figure(kind, name, value, unit, below) {
  return html`<div class="figure ${kind}"><dt>${name}</dt><dd>${value}${unit ? html`<span class="unit">${unit}</span>` : nothing}
    <div class="sub">${below}</div></dd></div>`;
}

function legend(live) {
  return hasMoney(live)
    ? html`<p class="legend"><span class="line">average</span><span class="point">price of an order</span><span class="shade">outage</span></p>`
    : html`<p class="legend"><span class="line">in work</span><span class="shade">outage</span></p>`;
}

function choices(live) {
  return html`<div class="choices" role="group" aria-label="Range">${RANGES.map(([id, name]) => html`
    <button type="button" aria-pressed=${live.range === id} @click=${() => { state.range = id; live.show(id); touched(); }}>${name}</button>`)}</div>`;
}

function chart(live, build, size) {
  const history = live.history;
  if (history == null) {
    return html`<p class="empty">${live.error ? 'No data.' : 'Loading'}</p>`;
  }
  if (history.time.length === 0) {
    return html`<p class="empty">Nothing yet. The first figures appear a second after the first record.</p>`;
  }
  const until = Math.max(history.time.at(-1), state.now - 2_000);
  const length = RANGES.find(([id]) => id === live.range)[2];
  const from = length == null ? Math.min(history.time[0], until - 10_000) : until - length;
  const spans = live.outages.map(one => ({from: new Date(one.since).getTime(), until: one.until ? new Date(one.until).getTime() : until}));
  return html`<time-chart class=${size} .chart=${{time: history.time, stepSeconds: history.stepSeconds, from, until, spans, ...build(history)}}
    @read=${event => { event.target.nextElementSibling.textContent = event.detail ?? ''; }}></time-chart><p class="muted number" aria-hidden="true">&nbsp;</p>`;
}

function averages(history) {
  return {
    name: `Running average, now ${money(history.average.at(-1))} per order`,
    series: [{label: 'average', values: history.average.map(value => value || null), colour: 'accent'}],
    points: history.amounts,
    axis: value => money(value),
    read: index => `${clockTime(history.time[index])}  average ${money(history.average[index])} per order`,
  };
}

function work(history) {
  return {
    name: `Records in work, now ${count(history.inWork.at(-1))}`,
    series: [{label: 'in work', values: history.inWork, colour: 'accent'}],
    axis: short,
    whole: true,
    read: index => `${clockTime(history.time[index])}  ${count(history.inWork[index])} in work, ${count(history.waiting[index])} wait for a retry`,
  };
}

/** Seconds of each step: the last may be shorter, and one in which the server did not come to look is longer. */
function lengths({time, stepSeconds}) {
  return time.map((end, index) => index === 0 ? stepSeconds : Math.max(1, Math.round((end - time[index - 1]) / 1000)));
}

/** Bars are drawn over each other, the sum of all first. */
function rates(history) {
  const seconds = lengths(history);
  const each = [history.processed, history.retried, history.deadLettered].map(values => values.map((value, index) => value / seconds[index]));
  const [processed, retried, dead] = each;
  const rate = value => short(Math.round(value * 10) / 10);
  return {
    name: `Records per second, now ${rate(processed.at(-1))} processed, ${rate(retried.at(-1))} retried, ${rate(dead.at(-1))} dead-lettered`,
    series: [
      {label: 'dead-lettered', values: processed.map((value, index) => value + retried[index] + dead[index]), colour: 'dead-fill', bars: true},
      {label: 'retried', values: processed.map((value, index) => value + retried[index]), colour: 'retry-fill', bars: true},
      {label: 'processed', values: processed, colour: 'accent', bars: true},
    ],
    axis: short,
    whole: true,
    read: index => `${clockTime(history.time[index])}  ${rate(processed[index])} processed, ${rate(retried[index])} retried, ${rate(dead[index])} dead-lettered per second`,
  };
}

function lag(live) {
  const partitions = live.tick?.partitions ?? [];
  const most = Math.max(1, ...partitions.map(partition => partition.lag ?? 0));
  return html`<section class="panel"><header><h2>Lag by partition <span class="unit">records</span></h2></header>
    ${partitions.length === 0 ? html`<p class="empty">This instance has no partition of the topic.</p>` : html`
    <div class="bars">${partitions.map(partition => html`<div class="bar">
      <span class="name">partition ${partition.partition}</span>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width=${100 * (partition.lag ?? 0) / most} height="10"></rect></svg>
      <span class="number">${count(partition.lag)}</span></div>`)}</div>`}
  </section>`;
}

function latest(live, title) {
  return html`<section class="panel"><header><h2>Latest ${title.toLowerCase()}</h2><span class="muted">a sample, newest first</span></header>
    ${live.records.length === 0 ? html`<p class="empty">None since this page was opened.</p>` : html`
    <div class="scroll" tabindex="0" role="region" aria-label="Latest records"><table>
      <thead><tr><th>Time</th><th>${singular(title)}</th><th>What became of it</th>${hasMoney(live) ? html`<th class="number">Price</th>` : html`<th>Key</th>`}<th class="number">Partition</th><th class="number">Offset</th></tr></thead>
      <tbody>${live.records.map(record => row(live, record))}</tbody></table></div>`}
  </section>`;
}

function row(live, record) {
  return html`<tr><td>${time(record.at)}</td><td class="name" title=${record.label ?? ''}>${outside(name(record))}</td>
    <td class="fate ${record.fate}">${fate(live, record)}</td>
    ${hasMoney(live) ? html`<td class="number">${money(record.amount)}</td>` : html`<td class="name code" title=${record.key ?? ''}>${outside(shortened(record.key))}</td>`}
    <td class="number">${record.partition}</td><td class="number">${count(record.offset)}</td></tr>`;
}

/** A label is what log lines say, such as order=1 or event=1 type=user-deleted. */
function name({label, partition, offset}) {
  return label == null ? `${partition}-${offset}` : label.replace(/^\w+=/, '').replace(/ (\w+)=/g, ', $1 ');
}

function singular(title) {
  return title.replace(/s$/, '');
}

function fate(live, record) {
  switch (record.fate) {
    case 'processed':
      return record.attempt > 1 ? `processed with attempt ${record.attempt}` : 'processed';
    case 'retrying':
      return `retrying, attempt ${record.attempt + 1} of ${record.attempts}${dueIn(live, record)}`;
    case 'dead-lettered':
      return html`dead letter: ${outside(record.reason)}`;
    default:
      return record.fate;
  }
}

/** "in 1.2 s", counted down from when the server said so. */
export function dueIn(live, {dueInMillis}) {
  const left = dueInMillis == null ? 0 : dueInMillis - (state.now - live.activityAt);
  return left > 0 ? ` in ${duration(left)}` : '';
}
