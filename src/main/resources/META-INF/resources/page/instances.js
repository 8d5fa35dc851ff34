/** Which instance of the application has which partitions, as the consumer groups themselves say. */
import {html, nothing} from '../_static/lit-html/lit-html.js';
import {call} from './api.js';
import {count, outside} from './format.js';
import {state} from './store.js';

const view = state.instances;
Object.assign(view, {groups: null, error: null});

export async function watchInstances() {
  try {
    view.groups = await call('api/instances');
    view.error = null;
  } catch (failure) {
    view.error = failure.message;
  }
}

export function instancesTab() {
  if (view.groups == null) {
    return html`<section class="panel"><p class="empty">${view.error ?? 'Loading'}</p></section>`;
  }
  return html`${view.error ? html`<div class="notice error" role="alert"><strong>Not up to date.</strong> <span class="grow">${outside(view.error)}</span></div>` : nothing}
    ${view.groups.map(group)}`;
}

function group(one) {
  return html`<section class="panel"><header><h2>${outside(one.group)}</h2><span class="muted">${one.pipeline}, topic ${outside(one.topic)}, ${one.state}</span></header>
    ${one.members.length === 0 ? html`<p class="empty">No instance is a member of this group.</p>` : html`
    <div class="scroll" tabindex="0" role="region" aria-label=${`Members of ${one.group}`}><table>
      <thead><tr><th>Member</th><th>Host</th><th>Partitions</th><th class="number">Lag</th></tr></thead>
      <tbody>${one.members.map(member => html`<tr class=${member.isThis ? 'picked' : ''}>
        <td class="code">${outside(member.id)}${member.isThis ? html` <span class="muted">this instance</span>` : nothing}</td>
        <td class="code">${outside(member.host)}</td>
        <td>${member.partitions.length === 0 ? html`<span class="muted">none: there are more instances than partitions</span>` : member.partitions.join(', ')}</td>
        <td class="number">${count(member.lag)}</td></tr>`)}</tbody></table></div>
    ${one.memberCount > one.members.length ? html`<p class="muted number">and ${count(one.memberCount - one.members.length)} more</p>` : nothing}`}
  </section>`;
}
