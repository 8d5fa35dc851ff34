/** Dev mode only: things to try, and four steps that lead through the first minute. */
import {html, nothing} from '../_static/lit-html/lit-html.js';
import {call} from './api.js';
import {count} from './format.js';
import {state, touched} from './store.js';

const DISMISSED = 'orderstream.steps';
const view = state.dev;
Object.assign(view, {faults: null, said: '', stepsShown: localStorage.getItem(DISMISSED) == null});

/** Asks what can be tried out, which is there in dev mode only. */
export async function watchDev() {
  view.faults = await call('api/dev');
  touched();
}

export function isDevMode() {
  return view.faults != null;
}

export function tryOut() {
  return html`${view.stepsShown ? steps() : nothing}
    <section class="panel"><header><h2>Try it</h2><span class="muted">in dev mode only</span><span class="right muted" role="status">${view.said}</span></header>
      <div class="row">
        <label class="field">Orders per second<input type="number" min="0" max="5000" step="any" .value=${String(view.faults.ordersPerSecond)}
          @change=${event => change({ordersPerSecond: Number(event.target.value)})}></label>
        <label class="field">Share of faults, %<input type="number" min="0" max="100" .value=${String(Math.round(view.faults.errorRate * 100))}
          @change=${event => change({errorRate: Number(event.target.value) / 100})}></label>
        ${button('1,000 orders now', 'orders', {count: 1000}, 'Watch the bars and the lag: they are written at once and processed in their order.')}
        ${button('One poison order', 'poison', {}, 'It becomes a dead letter at once, with its reason, and nobody waits for it.')}
        ${button('Take the dependency away for 20 s', 'outage', {seconds: 20}, 'Every call fails: the pipeline waits and probes, and no order becomes a dead letter.')}
        ${button('kill -9 me', 'kill', {}, 'The process is gone at once. Start dev mode again: the average goes on exactly where it was.', 'danger')}
      </div></section>`;
}

function button(title, path, body, expect, kind = '') {
  return html`<button class="button ${kind}" type="button" title=${expect} @click=${() => act(path, body, expect)}>${title}</button>`;
}

async function act(path, body, expect) {
  await send(path, body);
  view.said = view.said || expect;
  touched();
}

async function change(faults) {
  await send('faults', {...view.faults, ...faults});
}

async function send(path, body) {
  view.said = '';
  try {
    view.faults = await call(`api/dev/${path}`, {method: 'POST', body}) ?? view.faults;
  } catch (failure) {
    view.said = failure.message;
  }
  touched();
}

function steps() {
  return html`<section class="panel"><header><h2>The first minute</h2>
      <button class="button right" type="button" @click=${dismiss}>Do not show again</button></header>
    <ol class="steps">
      <li><strong>1. Orders flow.</strong> One order a second is written to Kafka, read, handled and averaged. Each point is the price of an order, the line is their average: ${count(state.live?.tick?.totals.processed)} so far.</li>
      <li><strong>2. Some fail.</strong> One in ten is made to fail. Half of those succeed when they are tried again: look for amber in the lanes. The others become dead letters.</li>
      <li><strong>3. Take the dependency away.</strong> The pipeline notices, waits and probes. Nothing is lost, and no order is blamed.</li>
      <li><strong>4. Kill it.</strong> Start it again and compare the average: offset and totals are one commit.</li>
    </ol></section>`;
}

function dismiss() {
  view.stepsShown = false;
  localStorage.setItem(DISMISSED, 'dismissed');
  touched();
}
