/** How numbers, times and texts look everywhere on the page. */
import {html} from '../_static/lit-html/lit-html.js';

const whole = new Intl.NumberFormat(undefined, {maximumFractionDigits: 0});
const twoDigits = new Intl.NumberFormat(undefined, {minimumFractionDigits: 2, maximumFractionDigits: 2});
const oneDigit = new Intl.NumberFormat(undefined, {minimumFractionDigits: 1, maximumFractionDigits: 1});
const compact = new Intl.NumberFormat(undefined, {notation: 'compact', maximumSignificantDigits: 3});
const clock = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23'});
const day = new Intl.DateTimeFormat(undefined, {year: 'numeric', month: 'short', day: 'numeric'});

export const NONE = '–';

export function count(number) {
  return number == null ? NONE : whole.format(number);
}

/** A count for an axis or a small place. */
export function short(number) {
  return number == null ? NONE : Math.abs(number) < 10_000 ? whole.format(number) : compact.format(number);
}

/** An amount of money. The records name no currency. */
export function money(amount) {
  return amount == null ? NONE : twoDigits.format(amount);
}

/** @param millis a duration */
export function duration(millis) {
  const seconds = Math.max(0, millis) / 1000;
  if (seconds < 60) {
    return `${oneDigit.format(seconds)} s`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min ${Math.floor(seconds % 60)} s`;
  }
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A moment in local time, with UTC on hover. The day is left out if it is today. */
export function time(instant) {
  if (instant == null) {
    return NONE;
  }
  const date = new Date(instant);
  const isToday = date.toDateString() === new Date().toDateString();
  const utc = date.toISOString();
  return html`<time datetime=${utc} title=${`${utc.replace('T', ' ').replace('Z', '')} UTC`}>${
    isToday ? '' : `${day.format(date)}, `}${clock.format(date)}</time>`;
}

export function clockTime(millis) {
  return clock.format(new Date(millis));
}

/** A text from a record: only ever text, and its direction does not reach what stands beside it. */
export function outside(text) {
  return html`<bdi>${text}</bdi>`;
}

/** The end of a long id is what differs. */
export function shortened(text, length = 12) {
  return text == null ? NONE : text.length <= length ? text : `…${text.slice(1 - length)}`;
}

export function bytes(number) {
  return number < 1024 ? `${number} B` : `${oneDigit.format(number / 1024)} KiB`;
}

/** "1 letter", "2 letters". */
export function plural(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
