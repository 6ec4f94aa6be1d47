import { actionOf, type KeyAction, type Place } from "./keys.ts";
import { NEXT_THEME } from "./settings.ts";
import { choose, hasKeys, isHelpOpen, isPaused, refreshAll, theme, view } from "./store.ts";
import { hasFilters, withoutFilters } from "./view/view.ts";

/** The keys of the whole page. Cards and menus take theirs first and keep them from here. */
export function listenToKeys(): void {
  document.addEventListener("keydown", (event) => {
    if (isHelpOpen.peek() || event.defaultPrevented) return;
    const action = actionOf(event, placeOf(event.target), hasKeys.peek());
    if (action === null) return;
    event.preventDefault();
    run(action);
  });
}

function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof Element)) return { isInput: false, isButton: false };
  return {
    isInput: target.matches("input, textarea, select"),
    isButton: target.matches("button, a"),
  };
}

function run(action: KeyAction): void {
  switch (action.do) {
    case "range":
      return choose({ range: action.range, custom: null });
    case "compare":
      return choose({ compare: view.peek().compare === "none" ? "previous" : "none" });
    case "pause":
      isPaused.value = !isPaused.peek();
      return;
    case "refresh":
      return refreshAll();
    case "board":
      return document.querySelector<HTMLElement>(".card.board tbody button")?.focus();
    case "theme":
      theme.value = NEXT_THEME[theme.peek()];
      return;
    case "clear":
      if (hasFilters(view.peek())) choose(withoutFilters(view.peek()));
      return;
    case "help":
      isHelpOpen.value = true;
  }
}
