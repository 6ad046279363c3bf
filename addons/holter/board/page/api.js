// Asking the server. The token goes with every request, and nowhere else.

/** What the server, or the way to it, has against a request; `status` is 0 where nobody answered. */
export class Refusal extends Error {
  /** @param {number} status @param {string} says */
  constructor(status, says) {
    super(says);
    this.status = status;
  }
}

/** The server of one run. */
export class Server {
  /** @param {string} token */
  constructor(token) {
    this.token = token;
  }

  /** @param {string} path @param {RequestInit} [how] @returns {Promise<Response>} */
  async ask(path, how = {}) {
    const headers = { Authorization: `Bearer ${this.token}` };
    const asked = {
      ...how,
      headers,
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      referrerPolicy: "no-referrer",
    };
    const answer = await fetch(path, /** @type {RequestInit} */ (asked)).catch((why) => {
      if (how.signal?.aborted) throw why;
      throw new Refusal(0, "the server cannot be reached");
    });
    if (!answer.ok) throw new Refusal(answer.status, await said(answer));
    return answer;
  }

  /** @param {string} path @returns {Promise<any>} */
  async get(path) {
    return (await this.ask(path)).json();
  }

  /** @param {string} path @param {any} [body] @returns {Promise<any>} */
  async post(path, body) {
    return (
      await this.ask(path, { method: "POST", body: body === undefined ? "" : JSON.stringify(body) })
    ).json();
  }
}

/** @param {Response} answer */
async function said(answer) {
  if (answer.status === 403) return "the token in the address is not this run's";
  const body = await answer.json().catch(() => null);
  return typeof body?.error === "string" ? body.error : `the server answered ${answer.status}`;
}
