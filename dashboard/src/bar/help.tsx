import { useSignalEffect } from "@preact/signals";
import { useRef } from "preact/hooks";
import { KEY_LIST } from "../keys.ts";
import { hasKeys, isHelpOpen } from "../store.ts";

/** The keys, and the switch for those that need no other key held down. */
export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  useSignalEffect(() => {
    if (isHelpOpen.value) dialog.current?.showModal();
    else dialog.current?.close();
  });
  return (
    <dialog
      ref={dialog}
      class="help"
      aria-labelledby="help-title"
      onClose={() => {
        isHelpOpen.value = false;
      }}
    >
      <h2 id="help-title">Keyboard</h2>
      <dl>
        {KEY_LIST.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <label class="switch">
        <input
          type="checkbox"
          checked={hasKeys.value}
          onChange={({ currentTarget }) => {
            hasKeys.value = currentTarget.checked;
          }}
        />
        Single keys do something
      </label>
      <button type="button" class="control" onClick={() => dialog.current?.close()}>
        Close
      </button>
    </dialog>
  );
}
