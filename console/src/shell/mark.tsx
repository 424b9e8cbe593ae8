/** The sign of the product: three lines of water. */
export function Mark() {
  return (
    <svg viewBox="0 0 16 16" className="size-5 shrink-0" aria-hidden="true">
      <rect width="16" height="16" rx="3.5" fill="var(--c-blue)" />
      <path
        d="M3 5.2c1.7-1.4 3.3-1.4 5 0s3.3 1.4 5 0M3 8.4c1.7-1.4 3.3-1.4 5 0s3.3 1.4 5 0M3 11.6c1.7-1.4 3.3-1.4 5 0s3.3 1.4 5 0"
        fill="none"
        stroke="#fff"
        strokeWidth="1.5"
        strokeLinecap="round"
      />
    </svg>
  );
}
