/** The past and the present of one pipeline: its history once, then what GET /api/pipelines/<name>/stream tells. */
import {call} from './api.js';
import {changed, state} from './store.js';

const STALE_AFTER = 4_000;
const RETRY_AFTER = 2_000;
/** Columns of a history that have one value a step. */
const COLUMNS = ['time', 'received', 'processed', 'retried', 'deadLettered', 'average', 'inWork', 'waiting'];
/** The server has no more steps since the start, and makes longer ones of them then. */
const MOST_STEPS = 720;
const RANGES = {'1m': 60_000, '15m': 15 * 60_000, all: Infinity};

export class Live {
  constructor(pipeline, range) {
    this.pipeline = pipeline;
    this.range = range;
    this.history = null;
    this.tick = null;
    this.records = [];
    this.lanes = {total: 0, lanes: []};
    this.outages = [];
    this.heardAt = Date.now();
    this.activityAt = 0;
    this.error = null;
    this.open();
  }

  get isStale() {
    return Date.now() - this.heardAt > STALE_AFTER;
  }

  /** Seconds since the server was last heard. */
  get silence() {
    return Math.floor((Date.now() - this.heardAt) / 1000);
  }

  open() {
    clearTimeout(this.reopening);
    this.source?.close();
    const source = new EventSource(`api/pipelines/${encodeURIComponent(this.pipeline)}/stream`);
    this.source = source;
    source.addEventListener('open', () => {
      // Those there are follow; one that has ended meanwhile is not told.
      state.outages = [];
      this.load();
    });
    for (const name of ['tick', 'activity', 'outage']) {
      source.addEventListener(name, event => {
        this.heardAt = Date.now();
        this[`on_${name}`](JSON.parse(event.data));
        changed();
      });
    }
    source.addEventListener('error', () => {
      // The browser tries again by itself unless the server has answered with an error.
      if (source.readyState === EventSource.CLOSED && source === this.source) {
        this.reopening = setTimeout(() => this.open(), RETRY_AFTER);
      }
      changed();
    });
  }

  async load() {
    this.loading?.abort();
    this.loading = new AbortController();
    try {
      const path = `api/pipelines/${encodeURIComponent(this.pipeline)}/history?range=${this.range}`;
      this.history = await call(path, {signal: this.loading.signal});
      this.outages = this.history.outages;
      this.error = null;
    } catch (failure) {
      if (failure.name === 'AbortError') {
        return;
      }
      this.error = failure.message;
    }
    changed();
  }

  show(range) {
    this.range = range;
    this.history = null;
    this.load();
  }

  on_tick(tick) {
    this.tick = {...tick, inWork: tick.steps.at(-1)?.inWork ?? 0, waiting: tick.steps.at(-1)?.waiting ?? 0};
    const history = this.history;
    if (history == null) {
      return;
    }
    const last = () => history.time.at(-1) ?? 0;
    if (history.stepSeconds > 1) {
      // The last step is still growing, and is fetched when it has ended.
      if ((tick.steps.at(-1)?.time ?? 0) >= last() + history.stepSeconds * 1000) {
        this.load();
      }
      return;
    }
    for (const step of tick.steps.filter(one => one.time > last())) {
      COLUMNS.forEach(name => history[name].push(step[name]));
      history.amounts.push(...step.amounts);
    }
    if (this.range === 'all' && history.time.length > MOST_STEPS) {
      this.load();
      return;
    }
    this.forget(history, last() - RANGES[this.range]);
  }

  forget(history, before) {
    const first = history.time.findIndex(time => time >= before);
    if (first > 0) {
      COLUMNS.forEach(name => history[name].splice(0, first));
    }
    const firstAmount = history.amounts.findIndex(([time]) => time >= before);
    if (firstAmount > 0) {
      history.amounts.splice(0, firstAmount);
    }
  }

  on_activity(activity) {
    this.records = activity.records;
    this.lanes = activity.lanes;
    this.activityAt = Date.now();
  }

  on_outage(change) {
    const at = state.outages.findIndex(outage => outage.pipeline === change.pipeline && outage.cause === change.cause);
    state.outages.splice(at < 0 ? state.outages.length : at, at < 0 ? 0 : 1, ...(change.active ? [change] : []));
    if (change.pipeline !== this.pipeline) {
      return;
    }
    // An outage that lasts is told again with each probe.
    const lasting = this.outages.find(outage => outage.cause === change.cause && outage.until == null);
    if (change.active && !lasting) {
      this.outages.push({cause: change.cause, since: change.since, until: null, reason: change.reason});
    } else if (!change.active && lasting) {
      lasting.until = new Date().toISOString();
    }
  }

  close() {
    clearTimeout(this.reopening);
    this.loading?.abort();
    this.source.close();
  }
}
