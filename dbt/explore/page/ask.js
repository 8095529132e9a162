// Requests to ring1. The token is in the page's address.

const TOKEN = location.pathname.split("/")[1];

export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export const BUSY = 409;

/** Ask for NAME; throws Refused, with status 0 where ring1 does not answer. */
export async function ask(name, body = {}) {
  let response;
  try {
    response = await fetch("/api/" + name, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Ring1-Token": TOKEN },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Refused(0, "ring1 does not answer: has it been ended?");
  }
  const answer = await response.json().catch(() => ({ error: response.statusText }));
  if (!response.ok) throw new Refused(response.status, answer.error);
  return answer;
}
