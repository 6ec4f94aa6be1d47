import { type Signal, useSignal, useSignalEffect } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

interface PopoverProps {
  readonly label: string;
  readonly face: ComponentChildren;
  readonly class?: string;
  readonly isPressed?: boolean;
  /** Given what closes it. */
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button that shows a few more below it; Escape, a press elsewhere and leaving by Tab close it. */
export function Popover({ label, face, isPressed, children, ...rest }: PopoverProps) {
  const isOpen = useSignal(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    isOpen.value = false;
    button.current?.focus();
  };
  useOutside(root, isOpen);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears of keys and focus of what is in it
    <div
      ref={root}
      class="popover"
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !isOpen.peek()) return;
        event.stopPropagation();
        close();
      }}
      onFocusOut={({ relatedTarget }) => {
        if (relatedTarget instanceof Node && !root.current?.contains(relatedTarget)) isOpen.value = false;
      }}
    >
      <button
        ref={button}
        type="button"
        class={rest.class ?? "control"}
        aria-label={label}
        aria-expanded={isOpen.value}
        aria-pressed={isPressed}
        onClick={() => {
          isOpen.value = !isOpen.value;
        }}
      >
        {face}
      </button>
      {isOpen.value && <div class="sheet">{children(close)}</div>}
    </div>
  );
}

function useOutside(root: { readonly current: HTMLElement | null }, isOpen: Signal<boolean>): void {
  useSignalEffect(() => {
    if (!isOpen.value) return;
    const onPress = ({ target }: PointerEvent) => {
      if (target instanceof Node && !root.current?.contains(target)) isOpen.value = false;
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  });
}
