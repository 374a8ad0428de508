import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';

export interface FileChoiceProps {
  /** Of the button. */
  readonly children: ComponentChildren;
  /** What is chosen, for those who do not see the button. */
  readonly label: string;
  /** Types and endings, as the attribute of that name has them; any if left out. */
  readonly accept?: string;
  /** Whether a whole folder is chosen. */
  readonly isFolder?: boolean;
  /** Given what was chosen, which is never nothing. */
  readonly onChoose: (files: readonly [File, ...File[]]) => void;
}

/** No part of the standard, and so of no type; all browsers have it. */
const wholeFolders = { webkitdirectory: true };

/** A button that asks for files. */
export function FileChoice({ children, label, accept, isFolder = false, onChoose }: FileChoiceProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button type="button" class="plain" onClick={() => input.current?.click()}>
        {children}
      </button>
      <input
        ref={input}
        class="unseen"
        type="file"
        tabIndex={-1}
        aria-label={label}
        accept={accept}
        {...(isFolder && wholeFolders)}
        onChange={({ currentTarget }) => {
          const [first, ...others] = currentTarget.files ?? [];
          // The same may be chosen again.
          currentTarget.value = currentTarget.value && '';
          if (first as File | undefined) onChoose([first, ...others]);
        }}
      />
    </>
  );
}
