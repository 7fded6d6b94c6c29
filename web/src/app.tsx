import { Lazy } from "./router/lazy.tsx";
import { usePlace } from "./router/location.ts";
import { idOf, match } from "./router/match.ts";

/** Chooses the page of the current address. */
export function App() {
  const { path } = usePlace();
  const call = match("/telemedicine/:id/call", path);
  const id = idOf(call?.id);
  if (id !== null) return <Lazy load={() => import("./pages/call/call_page.tsx")} name="call" props={{ id }} />;
  return <main><h1>televisit</h1></main>;
}
