/** A line or stacked bars over time, drawn by uPlot, in the colours of the style sheet. */
import uPlot from '../webjars/uplot/dist/uPlot.esm.js';
import {clockTime} from './format.js';

/** Steps of an axis. */
const STEPS = Array.from({length: 14}, (_, power) => [1, 2, 5].map(digit => digit * 10 ** (power - 2))).flat();
const WHOLE = STEPS.filter(step => step >= 1);
const dark = matchMedia('(prefers-color-scheme: dark)');

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/**
 * Its property `chart` says what is drawn:
 * {time: [ms], stepSeconds, whole, series: [{label, values, colour, bars}], points: [[ms, value]], spans: [{from, until}], from, until, axis, read, name}
 */
class TimeChart extends HTMLElement {
  connectedCallback() {
    this.setAttribute('role', 'img');
    this.sized = new ResizeObserver(() => this.plot?.setSize(this.size()));
    this.sized.observe(this);
    this.repaint = () => this.renew();
    dark.addEventListener('change', this.repaint);
    this.draw();
  }

  disconnectedCallback() {
    this.sized.disconnect();
    dark.removeEventListener('change', this.repaint);
    this.plot?.destroy();
    this.plot = null;
  }

  set chart(value) {
    this.what = value;
    this.setAttribute('aria-label', value.name);
    if (this.isConnected) {
      this.draw();
    }
  }

  size() {
    return {width: Math.max(200, this.clientWidth), height: Math.max(120, this.clientHeight)};
  }

  renew() {
    this.plot?.destroy();
    this.plot = null;
    this.draw();
  }

  draw() {
    if (!this.what) {
      return;
    }
    const data = [this.what.time.map(millis => millis / 1000), ...this.what.series.map(series => series.values)];
    if (this.plot && this.plot.series.length === data.length) {
      this.plot.setData(data, true);
    } else {
      this.plot?.destroy();
      this.plot = new uPlot(this.options(), data, this);
    }
  }

  options() {
    const axis = {
      stroke: colour('muted'), grid: {stroke: colour('faint'), width: 1}, ticks: {show: false},
      font: '12px system-ui, sans-serif',
    };
    return {
      ...this.size(),
      padding: [8, 8, 0, 0],
      cursor: {sync: {key: 'time'}, drag: {x: false, y: false}, points: {size: 6}},
      legend: {show: false},
      scales: {x: {time: true, range: () => [this.what.from / 1000, this.what.until / 1000]}, y: {range: (plot, low, high) => this.range(low, high)}},
      axes: [
        {...axis, space: 80, size: 28, values: (plot, splits) => splits.map(seconds => clockTime(seconds * 1000))},
        {...axis, size: 56, values: (plot, splits) => splits.map(this.what.axis), incrs: () => this.what.whole ? WHOLE : STEPS},
      ],
      series: [{}, ...this.what.series.map(series => this.line(series))],
      hooks: {
        drawClear: [plot => this.shade(plot)],
        drawAxes: [plot => this.dots(plot)],
        setCursor: [plot => this.tell(plot)],
      },
    };
  }

  line(series) {
    const paint = colour(series.colour);
    return series.bars
      ? {label: series.label, fill: paint, width: 0, points: {show: false}, paths: (...plot) => this.bars(...plot)}
      : {label: series.label, stroke: paint, width: 2, points: {show: false}, spanGaps: true};
  }

  /** A bar is as wide as its step, at whose end it is, however far the next one is away. */
  bars(plot, ...rest) {
    const seconds = (this.what.until - this.what.from) / 1000;
    const width = Math.max(1, plot.bbox.width / devicePixelRatio * this.what.stepSeconds / seconds - 1);
    return uPlot.paths.bars({size: [0.9, width, width], align: -1})(plot, ...rest);
  }

  range(low, high) {
    const shown = [...(this.what.points ?? []).map(([, value]) => value), ...[low, high].filter(value => value != null)];
    const top = Math.max(...shown, 1);
    const bottom = Math.min(...shown, top);
    // From zero, unless all of it would be far up.
    return this.what.series[0]?.bars || bottom < top / 2 ? [0, top * 1.08] : [bottom - (top - bottom) * 0.2, top + (top - bottom) * 0.2];
  }

  /** Spans in which the pipeline waited for something. */
  shade(plot) {
    const {ctx, bbox} = plot;
    ctx.save();
    ctx.fillStyle = colour('shade');
    for (const {from, until} of this.what.spans ?? []) {
      const left = Math.max(bbox.left, plot.valToPos(from / 1000, 'x', true));
      const right = Math.min(bbox.left + bbox.width, plot.valToPos(until / 1000, 'x', true));
      if (right > left) {
        ctx.fillRect(left, bbox.top, right - left, bbox.height);
      }
    }
    ctx.restore();
  }

  dots(plot) {
    const {ctx, bbox} = plot;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.fillStyle = colour('point');
    const size = 4 * devicePixelRatio;
    for (const [millis, value] of this.what.points ?? []) {
      ctx.fillRect(plot.valToPos(millis / 1000, 'x', true) - size / 2, plot.valToPos(value, 'y', true) - size / 2, size, size);
    }
    ctx.restore();
  }

  tell(plot) {
    const index = plot.cursor.idx;
    this.dispatchEvent(new CustomEvent('read', {detail: index == null ? null : this.what.read(index)}));
  }
}

customElements.define('time-chart', TimeChart);
