/** Redrive: what would be sent, the confirmation, and the jobs with their progress. */
import {html, nothing} from '../_static/lit-html/lit-html.js';
import {call, signIn, signOut} from './api.js';
import {count, duration, outside, plural, time} from './format.js';
import {touched} from './store.js';

const PATH = 'api/dead-letters/redrive';
const LEFT_OUT = {
  alreadyRedriven: 'already redriven', parked: 'parked after the largest number of redrives', superseded: 'a later letter of the record exists',
  copies: 'copies of another letter', noOrigin: 'not known where they came from', unknownTarget: 'from a topic that does not exist',
  notFound: 'not there any more', gone: 'deleted by retention', changed: 'of a topic made anew', tooLarge: 'larger than their topic allows',
  refused: 'refused by the broker', keptElsewhere: 'kept whole by another instance',
};
const SHOWN_JOBS = 3;

const view = {jobs: [], ask: null};

export async function watchJobs() {
  view.jobs = (await call(PATH)).sort((one, other) => other.createdAt.localeCompare(one.createdAt));
}

export async function askRedrive(filter, what) {
  open({filter, title: `Redrive ${what}`, rate: 50});
  await attempt(async () => { view.ask.found = await call(PATH, {method: 'POST', body: {filter, dryRun: true}}); });
}

function open(ask) {
  view.ask = {found: null, error: null, signingIn: false, ...ask};
  touched();
  document.querySelector('dialog').showModal();
}

/** Runs a call that may need the operator's password, and runs it again once that has been given. */
async function attempt(action) {
  const ask = view.ask;
  try {
    await action();
    Object.assign(ask, {error: null, signingIn: false});
  } catch (failure) {
    if (failure.status === 401 || failure.status === 403) {
      signOut();
      Object.assign(ask, {signingIn: true, again: action, error: ask.signingIn ? failure.message : null});
    } else {
      ask.error = failure.message;
    }
  }
  touched();
}

export function redriveDialog() {
  const ask = view.ask;
  return html`<dialog aria-labelledby="redrive-title" @close=${() => { view.ask = null; touched(); }}>
    ${ask == null ? nothing : html`<div class="body"><h2 id="redrive-title">${outside(ask.title)}</h2>
      ${ask.error ? html`<div class="notice error" role="alert">${outside(ask.error)}</div>` : nothing}
      ${ask.signingIn ? operator(ask) : ask.found ? confirmation(ask) : ask.error ? nothing : html`<p class="muted">Asking</p>`}
      <button class="button" type="button" @click=${close}>Cancel</button></div>`}
  </dialog>`;
}

function close() {
  document.querySelector('dialog').close();
}

function operator(ask) {
  return html`<form @submit=${event => {
    event.preventDefault();
    const form = new FormData(event.target);
    signIn(form.get('user'), form.get('password'));
    attempt(ask.again);
  }}><p>Redriving takes the role operator.</p>
    <label class="field">User<input name="user" autocomplete="username" required></label>
    <label class="field">Password<input name="password" type="password" autocomplete="current-password" required></label>
    <button class="button primary">Sign in</button></form>`;
}

function confirmation(ask) {
  const found = ask.found;
  return html`<form @submit=${event => { event.preventDefault(); attempt(send); }}>
    <p><strong class="number">${plural(found.selected, 'record')}</strong> would be sent back to where they came from, of <span class="number">${count(found.matching)}</span> that match.</p>
    ${histogram(found.histogram ?? [])}
    ${leftOut(found.skipped)}
    <label class="field">Records per second<input name="rate" type="number" min="1" max="100000" required .value=${String(ask.rate)}
      @input=${event => { ask.rate = Number(event.target.value); touched(); }}></label>
    <button class="button primary" ?disabled=${found.selected === 0}>Send ${plural(found.selected, 'record')} at ${count(ask.rate)} per second${
      ask.rate > 0 && found.selected > 0 ? `, about ${duration(1000 * found.selected / ask.rate)}` : ''}</button></form>`;
}

async function send() {
  const {filter, rate} = view.ask;
  await call(PATH, {method: 'POST', body: {filter, ratePerSecond: rate}});
  close();
  await watchJobs();
}

function histogram(buckets) {
  const most = Math.max(1, ...buckets.map(bucket => bucket.count));
  return buckets.length === 0 ? nothing : html`<div class="bars" role="list" aria-label="When they were given up">${buckets.map(bucket => html`
    <div class="bar dead" role="listitem"><span class="name number">${time(bucket.from)}</span>
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect width=${100 * bucket.count / most} height="10"></rect></svg>
      <span class="number">${count(bucket.count)}</span></div>`)}</div>`;
}

function leftOut(skipped) {
  const reasons = Object.entries(skipped ?? {}).filter(([, number]) => number > 0);
  return reasons.length === 0 ? nothing : html`<div><p class="muted">Left out:</p><ul>${reasons.map(([reason, number]) => html`
    <li><span class="number">${count(number)}</span> ${LEFT_OUT[reason] ?? reason}</li>`)}</ul></div>`;
}

export function jobs() {
  return view.jobs.length === 0 ? nothing : html`<section class="panel"><header><h2>Redrive jobs</h2></header>
    ${view.jobs.slice(0, SHOWN_JOBS).map(job)}</section>`;
}

function job(one) {
  const isOver = one.state === 'finished';
  return html`<div class="job"><div class="spread"><span><strong>${one.state}</strong> <span class="number">${count(one.sent ?? 0)} of ${count(one.selected)}</span>
      ${one.ratePerSecond ? html`<span class="muted">at ${count(one.ratePerSecond)} per second</span>` : nothing}
      <span class="muted">by ${outside(one.by ?? 'anybody')}, ${time(one.createdAt)}</span></span>
    ${isOver ? nothing : one.state === 'stopped'
      ? html`<button class="button" type="button" @click=${() => control('Resume the redrive', 'POST', `${one.id}/resume`)}>Resume</button>`
      : html`<button class="button danger" type="button" @click=${() => control('Stop the redrive', 'DELETE', one.id)}>Stop</button>`}</div>
    <progress aria-label="Progress of the redrive" max=${one.selected || 1} value=${isOver ? one.selected || 1 : one.sent ?? 0}></progress>
    ${one.waitingFor ? html`<p class="muted">${outside(one.waitingFor)}</p>` : nothing}
    ${leftOut(one.skipped)}
    ${one.leftOut?.length ? html`<details><summary>Which were left out</summary><ul>${one.leftOut.map(letter => html`
      <li class="number">${letter.topic}-${letter.partition}, offset ${count(letter.offset)}: ${outside(letter.reason)}</li>`)}</ul></details>` : nothing}
  </div>`;
}

async function control(title, method, path) {
  open({title});
  await attempt(async () => {
    await call(`${PATH}/${path}`, {method, body: method === 'POST' ? {} : undefined});
    close();
    await watchJobs();
  });
}
