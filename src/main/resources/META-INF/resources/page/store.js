/** What the page knows, and when it is drawn: at most four times a second, however much arrives. */

const INTERVAL = 250;

export const state = {
  tab: 'orders',
  range: '1m',
  now: Date.now(),
  /** What is known of the pipeline that is shown: see live.js. */
  live: null,
  outages: [],
  pipelines: ['orders'],
  deadLetters: {},
  instances: {},
  dev: {},
};

let draw = () => {};
let timer = 0;
let drawnAt = 0;

export function drawWith(drawing) {
  draw = drawing;
}

function drawNow() {
  timer = 0;
  drawnAt = performance.now();
  state.now = Date.now();
  draw();
}

/** Something has arrived. */
export function changed() {
  if (timer === 0) {
    timer = setTimeout(drawNow, Math.max(0, drawnAt + INTERVAL - performance.now()));
  }
}

/** Somebody has clicked: shown at once. */
export function touched() {
  clearTimeout(timer);
  drawNow();
}
