/** The call of one session. Placeholder until the call itself lands. */
export default function CallPage({ id }: { id: number }) {
  return <main>Session {id}</main>;
}
