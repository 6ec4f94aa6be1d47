import { render } from "preact";
import { listenToKeys } from "./listen.ts";
import { Page } from "./page.tsx";

const root = document.getElementById("page");
if (root === null) throw new Error("The document has no element with the id 'page'");
render(<Page />, root);
listenToKeys();
