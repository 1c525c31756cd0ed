// A front end on an origin of its own, in one file and without a library: signs in with PKCE (RFC 7636), lists the
// applications that wait for the person, and offers exactly what `allowed_actions` allows.
"use strict";

const api = new URLSearchParams(location.search).get("api") ?? sessionStorage.getItem("api") ?? "http://127.0.0.1:8000";
const client = "mingpai-front-end";
const here = location.origin + location.pathname;
const endpoints = {
  recommend: { path: "recommendations", body: { opinion: "材料属实，同意推荐。" }, label: "推荐 Recommend" },
  accept: { path: "acceptances", body: undefined, label: "受理 Accept" },
};

const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function signIn() {
  const verifier = random();
  const state = random();
  sessionStorage.setItem("api", api);
  sessionStorage.setItem("verifier", verifier);
  sessionStorage.setItem("state", state);
  const challenge = base64url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(verifier)));
  const asked = new URLSearchParams({
    response_type: "code", client_id: client, redirect_uri: here, state,
    code_challenge: challenge, code_challenge_method: "S256",
  });
  location.assign(`${api}/oauth/authorize?${asked}`);
}

async function exchange(code) {
  const body = new URLSearchParams({
    grant_type: "authorization_code", code, client_id: client, redirect_uri: here,
    code_verifier: sessionStorage.getItem("verifier"),
  });
  const answer = await fetch(`${api}/oauth/token`, { method: "POST", body });
  if (!answer.ok) throw new Error(await answer.text());
  return (await answer.json()).access_token;
}

async function call(token, method, path, body) {
  const headers = { Authorization: `Bearer ${token}` };
  if (method === "POST") headers["Idempotency-Key"] = crypto.randomUUID();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(api + path, { method, headers, body: body && JSON.stringify(body) });
  const content = await answer.json();
  if (!answer.ok) throw new Error(`${content.code}: ${content.detail}`);
  return content;
}

async function show(token) {
  const me = await call(token, "GET", "/v1/me");
  document.querySelector("#who").textContent = `${me.sub} · ${me.roles.join(", ")} · ${me.org}`;
  document.querySelector("#sign-in").hidden = true;
  const page = await call(token, "GET", "/v1/applications?waiting_for=me");
  const list = document.querySelector("#worklist");
  list.replaceChildren();
  for (const row of page.items) {
    const application = await call(token, "GET", `/v1/applications/${row.id}`);
    const entry = document.createElement("li");
    entry.textContent = `${application.applicant_name}：${application.item}（${application.state}）`;
    for (const action of application.allowed_actions.filter((name) => name in endpoints)) {
      const button = document.createElement("button");
      button.textContent = endpoints[action].label;
      button.onclick = () => act(token, application, action);
      entry.append(button);
    }
    list.append(entry);
  }
  if (page.items.length === 0) list.textContent = "没有待办 Nothing waits for you";
}

async function act(token, application, action) {
  const { path, body } = endpoints[action];
  const said = document.querySelector("#said");
  try {
    const changed = await call(token, "POST", `/v1/applications/${application.id}/${path}`, body);
    said.textContent = `已办理 Done: ${changed.state} · ${changed.stage}`;
  } catch (error) {
    said.textContent = error.message;
  }
  await show(token);
}

async function begin() {
  document.querySelector("#sign-in").onclick = signIn;
  const given = new URLSearchParams(location.search);
  const code = given.get("code");
  if (code === null) return;
  if (given.get("state") !== sessionStorage.getItem("state")) throw new Error("the answer belongs to another sign-in");
  history.replaceState(null, "", here);
  await show(await exchange(code));
}

begin().catch((error) => { document.querySelector("#said").textContent = error.message; });
