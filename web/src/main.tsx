import { render } from "preact";
import { App } from "./app.tsx";
import { followLinks } from "./router/location.ts";
import "./ui/tokens.css";
import "./ui/base.css";

followLinks();
const root = document.getElementById("app");
if (root) render(<App />, root);
