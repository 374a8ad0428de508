interface SelectProps {
  /** For a screen reader. */
  readonly label: string;
  readonly names: readonly string[];
  readonly chosen: string;
  readonly onChoose: (name: string) => void;
}

/** One of several names. */
export function Select({ label, names, chosen, onChoose }: SelectProps) {
  return (
    <select
      aria-label={label}
      value={chosen}
      onChange={({ currentTarget }) => {
        onChoose(currentTarget.value);
      }}
    >
      {names.map((name) => (
        <option key={name}>{name}</option>
      ))}
    </select>
  );
}
