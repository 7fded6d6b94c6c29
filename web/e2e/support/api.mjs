// The HTTP API as a client uses it: what a test prepares or checks without clicking.
export const password = "televisit-demo";

/** A signed-in caller. `request` answers `{status, body}` and throws for nothing; the others throw unless it is 2xx. */
export async function signIn(server, username) {
  const answer = await fetch(`${server.url}/api/v1/auth/login/`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password }),
  });
  if (!answer.ok) throw new Error(`login as ${username}: ${answer.status} ${await answer.text()}`);
  const { access, user } = await answer.json();

  async function request(method, path, body) {
    const reply = await fetch(`${server.url}/api/v1/${path}`, {
      method,
      headers: { authorization: `Bearer ${access}`, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await reply.text();
    return { status: reply.status, body: text === "" ? null : JSON.parse(text) };
  }
  async function wanted(method, path, body) {
    const { status, body: reply } = await request(method, path, body);
    if (status < 200 || status > 299) throw new Error(`${method} ${path} as ${username}: ${status} ${JSON.stringify(reply)}`);
    return reply;
  }
  return {
    user,
    request,
    get: (path) => wanted("GET", path),
    post: (path, body = {}) => wanted("POST", path, body),
    patch: (path, body) => wanted("PATCH", path, body),
  };
}

/**
 * An open visit of the demonstration patient with a session of the demonstration doctor that begins now.
 * The patient's other sessions are ended or cancelled first: the clinic allows one at a time for a visit.
 */
export async function freshSession(server, { complaint = "Cough for three days", start = false } = {}) {
  const reception = await signIn(server, "receptionist");
  const doctor = await signIn(server, "doctor");
  const patient = await signIn(server, "patient");
  const own = (await patient.get("patients/")).results[0];
  const visit = await reception.post("visits/", {
    patient: own.id,
    visit_type: "CONSULTATION",
    chief_complaint: complaint,
    assigned_doctor: doctor.user.id,
  });
  const session = await doctor.post("telemedicine/", { visit: visit.id, scheduled_start: new Date().toISOString() });
  if (start) await doctor.post(`telemedicine/${session.id}/start/`);
  return { visit, session, patient: own, clients: { reception, doctor, patient } };
}
