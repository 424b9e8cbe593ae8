import { Link } from '@tanstack/react-router';
import { Notice } from '../ui/notice.tsx';

export function NotFound() {
  return (
    <Notice tone="neutral" title="There is no such page">
      <Link to="/" className="text-accent underline">
        To the overview
      </Link>
    </Notice>
  );
}
