/** Groups of dead letters, the letters of a group, a single letter, and the redrive jobs. */
import {html, nothing} from '../_static/lit-html/lit-html.js';
import {call, query} from './api.js';
import {bytes, count, outside, plural, shortened, time} from './format.js';
import {askRedrive, jobs, watchJobs} from './redrive.js';
import {state, touched} from './store.js';

const KINDS = ['poison', 'exhausted', 'undecodable', 'undeliverable', 'unknown'];
const STATUSES = ['open', 'redriven', 'parked'];
const PAGE = 50;
const SELDOM = 10_000;

const view = state.deadLetters;
Object.assign(view, {summary: null, askedAt: 0, letters: null, error: null, filter: {}, picked: new Set(), opened: null, limit: PAGE});

function isOpen() {
  return state.tab === 'dead-letters';
}

/** Called every few seconds: the summary always, for the number at the tab, but seldom while that is all of it that is shown. */
export async function watchDeadLetters() {
  if (!isOpen() && view.summary && Date.now() - view.askedAt < SELDOM) {
    return;
  }
  view.askedAt = Date.now();
  try {
    view.summary = await call('api/dead-letters/summary');
    if (isOpen()) {
      await Promise.all([watchJobs(), view.letters ? loadLetters() : null]);
    }
    view.error = null;
  } catch (failure) {
    view.error = failure.message;
  }
}

async function loadLetters() {
  const filter = view.filter;
  const letters = await call(`api/dead-letters${query({...filter, limit: view.limit})}`);
  if (filter === view.filter) {
    view.letters = letters;
    view.opened = view.opened && (letters.find(letter => id(letter) === id(view.opened)) ?? view.opened);
  }
}

async function select(filter) {
  Object.assign(view, {filter, letters: [], picked: new Set(), opened: null, limit: PAGE});
  touched();
  try {
    await loadLetters();
  } catch (failure) {
    view.error = failure.message;
  }
  touched();
}

function id(letter) {
  return `${letter.topic}-${letter.partition}-${letter.offset}`;
}

export function deadLettersTab() {
  return html`
    ${view.error ? html`<div class="notice error" role="alert"><strong>Dead letters cannot be shown.</strong><span class="grow">${outside(view.error)}</span></div>` : nothing}
    ${jobs()}
    ${groups()}
    ${view.letters ? letters() : nothing}`;
}

function groups() {
  const summary = view.summary;
  if (summary == null) {
    return html`<section class="panel"><p class="empty">${view.error ? 'No data.' : 'Loading'}</p></section>`;
  }
  return html`<section class="panel">
    <header><h2>Groups</h2><span class="muted number">${plural(summary.letters, 'dead letter')} of ${plural(summary.originals, 'record')}</span>
      ${summary.complete ? nothing : html`<span class="muted">still reading the topics</span>`}
      <button class="button right" type="button" @click=${() => select({})}>All letters</button></header>
    ${summary.groups.length === 0 ? html`<p class="empty">No dead letter. A record that cannot be processed appears here with its reason.</p>` : html`
    <div class="scroll" tabindex="0" role="region" aria-label="Groups of dead letters"><table>
      <thead><tr><th>Reason</th><th>Kind</th><th class="number">Records</th><th class="number">Open</th><th class="number">Redriven</th><th class="number">Parked</th>
        <th>Last two hours</th><th>First</th><th>Last</th><th><span class="hidden">Action</span></th></tr></thead>
      <tbody>${summary.groups.map(group)}</tbody></table></div>`}
  </section>`;
}

function group(one) {
  return html`<tr class=${view.letters && view.filter.reasonGroup === one.reasonGroup ? 'picked' : ''}>
    <td class="reason"><button class="link" type="button" @click=${() => select({reasonGroup: one.reasonGroup})}>${outside(one.reason || 'without a reason')}</button>${example(one)}</td>
    <td>${one.kind}</td><td class="number">${count(one.count)}</td><td class="number">${count(one.open)}</td>
    <td class="number">${count(one.redriven)}</td><td class="number">${count(one.parked)}</td>
    <td>${spark(one.trend)}</td><td class="number">${time(one.firstSeen)}</td><td class="number">${time(one.lastSeen)}</td>
    <td><button class="button" type="button" ?disabled=${one.open === 0}
      @click=${() => askRedrive({reasonGroup: one.reasonGroup}, `the group "${one.reason}"`)}>Redrive</button></td></tr>`;
}

/** Numbers and ids of a reason are left out of that of its group. */
function example({reason, sample}) {
  return sample && sample.reason !== reason ? html`<div class="sub">such as ${outside(sample.reason)}</div>` : nothing;
}

function spark(trend) {
  const most = Math.max(1, ...trend.buckets);
  const width = 96 / trend.buckets.length;
  return html`<svg class="spark" viewBox="0 0 96 22" role="img" aria-label=${`${trend.lastHour} in the last hour, ${trend.hourBefore} in the hour before`}>
    ${trend.buckets.map((number, index) => bar(index * width, width - 1, 20 * number / most))}</svg>`;
}

function bar(left, width, height) {
  // Within svg a template of its own would need the svg tag of lit-html.
  return height === 0 ? nothing : rect(left, 22 - Math.max(1, height), width, Math.max(1, height));
}

function rect(x, y, width, height) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  Object.entries({x, y, width, height}).forEach(([name, value]) => element.setAttribute(name, value));
  return element;
}

function letters() {
  return html`<div class="grid">
    <section class="panel">
      <header><h2>Letters</h2>${filters()}
        <span class="right row">
          <button class="button" type="button" ?disabled=${view.picked.size === 0} @click=${redrivePicked}>Redrive ${count(view.picked.size)} selected</button>
          <button class="button" type="button" ?disabled=${view.letters.length === 0} @click=${() => askRedrive(redriveFilter(), 'all letters of this filter')}>Redrive all of these</button>
        </span></header>
      ${view.letters.length === 0 ? html`<p class="empty">No letter for this filter.</p>` : html`
      <div class="scroll tall" tabindex="0" role="region" aria-label="Dead letters"><table>
        <thead><tr><th><input type="checkbox" aria-label="Select all" .checked=${view.picked.size === view.letters.length} @change=${pickAll}></th>
          <th>Given up</th><th>Key</th><th>Reason</th><th class="number">Attempts</th><th>Status</th></tr></thead>
        <tbody>${view.letters.map(row)}</tbody></table></div>
      ${view.letters.length < view.limit ? nothing : html`<p class="spread"><span class="muted">The newest ${count(view.letters.length)}.</span>
        <button class="button" type="button" @click=${more}>Show more</button></p>`}`}
    </section>
    ${view.opened ? detail(view.opened) : html`<section class="panel"><p class="empty">Choose a letter to see its value, its headers and what was tried.</p></section>`}
  </div>`;
}

function filters() {
  const choose = (name, values) => html`<select aria-label=${name} @change=${event => select({...view.filter, [name]: event.target.value || undefined})}>
    <option value="" ?selected=${!view.filter[name]}>any ${name}</option>
    ${values.map(value => html`<option value=${value} ?selected=${view.filter[name] === value}>${value}</option>`)}</select>`;
  return html`<span class="row">${choose('kind', KINDS)}${choose('status', STATUSES)}
    <input type="search" aria-label="Key" placeholder="key" .value=${view.filter.key ?? ''} @change=${event => select({...view.filter, key: event.target.value || undefined})}></span>`;
}

function row(letter) {
  return html`<tr class=${view.opened && id(view.opened) === id(letter) ? 'picked' : ''}>
    <td><input type="checkbox" aria-label="Select" .checked=${view.picked.has(id(letter))} @change=${() => pick(letter)}></td>
    <td class="number">${time(letter.at)}</td>
    <td class="name code"><button class="link code" type="button" title=${letter.key ?? ''} @click=${() => open(letter)}>${outside(shortened(letter.key ?? 'no key', 16))}</button></td>
    <td class="reason"><span class="clamp" title=${letter.reason}>${outside(letter.reason)}</span></td><td class="number">${count(letter.attempts)}</td>
    <td><span class="status ${letter.status}">${letter.status}</span></td></tr>`;
}

function pick(letter) {
  view.picked.delete(id(letter)) || view.picked.add(id(letter));
  touched();
}

function pickAll(event) {
  view.picked = new Set(event.target.checked ? view.letters.map(id) : []);
  touched();
}

function open(letter) {
  view.opened = letter;
  touched();
}

function more() {
  view.limit = Math.min(1_000, view.limit * 4);
  loadLetters().then(touched, () => {});
}

function redrivePicked() {
  const chosen = view.letters.filter(letter => view.picked.has(id(letter)));
  askRedrive({letters: chosen.map(({topic, partition, offset}) => ({topic, partition, offset}))}, plural(chosen.length, 'selected letter'));
}

/** The status is not part of the filter of a redrive: what has been redriven is left out anyway. */
function redriveFilter() {
  const {status, ...filter} = view.filter;
  return filter;
}

function detail(letter) {
  const origin = letter.origin;
  return html`<section class="panel detail" aria-live="polite">
    <header><h2>${letter.topic}-${letter.partition}, offset ${count(letter.offset)}</h2><span class="status ${letter.status}">${letter.status}</span>
      <button class="button right" type="button" @click=${() => askRedrive({letters: [{topic: letter.topic, partition: letter.partition, offset: letter.offset}]}, 'this letter')}>Redrive</button></header>
    <dl class="facts">
      <dt>Reason</dt><dd>${outside(letter.reason)}</dd>
      <dt>Exception</dt><dd class="code">${outside(letter.exception || '–')}</dd>
      <dt>Kind</dt><dd>${letter.kind}, ${letter.attempts == null ? 'attempts not known' : plural(letter.attempts, 'attempt')}</dd>
      <dt>Original</dt><dd>${origin == null ? 'not known' : origin.spoolId ? `${origin.topic}, never written` : `${origin.topic}-${origin.partition}, offset ${count(origin.offset)}`}</dd>
      <dt>Written</dt><dd>${time(letter.originalAt)}</dd>
      <dt>Given up</dt><dd>${time(letter.at)} by ${outside(letter.consumerGroup || 'an unknown group')}</dd>
      <dt>Key</dt><dd class="code">${letter.key == null ? '–' : outside(letter.keyHex ?? letter.key)}</dd>
      ${letter.copies ? html`<dt>Copies</dt><dd>${count(letter.copies)}, written because of a crash</dd>` : nothing}
    </dl>
    ${value(letter.value)}
    ${letter.headers ? html`<h3>Headers</h3><dl class="facts headers code">${letter.headers.map(header => html`<dt>${outside(header.name)}</dt><dd>${header.value == null ? '–' : outside(header.value)}</dd>`)}</dl>
      ${letter.moreHeaders > 0 ? html`<p class="muted number">and ${count(letter.moreHeaders)} more</p>` : nothing}` : nothing}
    ${letter.history.length > 1 ? html`<h3>History</h3><ol>${letter.history.map(past)}</ol>` : nothing}
  </section>`;
}

function value(of) {
  if (of == null) {
    return html`<p class="muted">The record has no value.</p>`;
  }
  return html`<h3>Value <span class="unit">${bytes(of.bytes)}${of.format ? `, ${of.format}` : ''}${of.schemaId == null ? '' : `, schema ${of.schemaId}`}</span></h3>
    ${of.decoded == null ? html`<p class="muted">It cannot be decoded.</p>` : html`<pre dir="ltr">${JSON.stringify(of.decoded, null, 2)}</pre>`}
    <details><summary>Bytes</summary><pre>${dump(of.hex)}${of.truncated ? '\n…' : ''}</pre></details>`;
}

/** Sixteen bytes a line, with the printable ones beside them. */
function dump(hex) {
  return (hex.match(/.{1,32}/g) ?? []).map((line, index) => {
    const codes = line.match(/../g);
    const text = codes.map(code => { const number = parseInt(code, 16); return number > 31 && number < 127 ? String.fromCharCode(number) : '.'; }).join('');
    return `${(index * 16).toString(16).padStart(6, '0')}  ${codes.join(' ').padEnd(47)}  ${text}`;
  }).join('\n');
}

function past(letter) {
  return html`<li>${time(letter.at)} ${letter.kind} after ${letter.attempts == null ? 'unknown' : plural(letter.attempts, 'attempt')}${
    letter.redriveId ? html`, redriven by job ${shortened(letter.redriveId, 9)}` : nothing}: ${outside(letter.reason)}</li>`;
}
