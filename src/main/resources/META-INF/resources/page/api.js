/** Calls of the REST API. A refusal becomes an ApiError with the sentence of the server. */

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Of the operator, in memory only: a reload forgets them. */
let credentials = null;

export function signIn(user, password) {
  const utf8 = new TextEncoder().encode(`${user}:${password}`);
  credentials = `Basic ${btoa(String.fromCharCode(...utf8))}`;
}

export function signOut() {
  credentials = null;
}

export async function call(path, {method = 'GET', body, signal} = {}) {
  const headers = {Accept: 'application/json, application/problem+json'};
  if (body !== undefined) {
    headers['Content-Type'] = 'application/json';
  }
  if (credentials && method !== 'GET') {
    headers.Authorization = credentials;
  }
  let response;
  try {
    response = await fetch(path, {
      method, headers, signal, credentials: 'omit', cache: 'no-store', body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (failure) {
    if (failure.name === 'AbortError') {
      throw failure;
    }
    throw new ApiError(0, 'The application does not answer.');
  }
  const text = await response.text();
  if (!response.ok) {
    throw new ApiError(response.status, sentence(text) ?? `The application answers ${response.status}.`);
  }
  return text ? JSON.parse(text) : null;
}

function sentence(text) {
  try {
    const problem = JSON.parse(text);
    return problem.detail ?? problem.message ?? problem.title;
  } catch {
    return null;
  }
}

export function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
