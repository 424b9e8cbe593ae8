import { useNavigate, useSearch } from '@tanstack/react-router';
import { LAYERS } from '../layers.ts';
import { Badge } from '../ui/badge.tsx';
import { SelectField } from '../ui/field.tsx';
import { Panel } from '../ui/panel.tsx';
import { Cell, HeadCell, RowHead, ScrollTable } from '../ui/scroll-table.tsx';
import {
  REASONS,
  VENDOR_GRADES,
  type Comparison,
  type Row,
  type VendorCell,
} from './vendor-shapes.ts';

/** One row a question, one column a vendor. */
export function ComparisonTable({ comparison }: { comparison: Comparison }) {
  const navigate = useNavigate({ from: '/vendors' });
  const { layer } = useSearch({ from: '/vendors' });
  const rows = comparison.rows.filter((row) => layer === undefined || row.layer === layer);
  return (
    <Panel
      id="vendor-questions"
      level={2}
      title={`${rows.length} questions`}
      aside={
        <div className="w-44">
          <SelectField
            label="Layer"
            value={layer ?? ''}
            options={[
              { value: '', label: 'Every layer' },
              ...LAYERS.map(({ id, label }) => ({ value: id, label })),
            ]}
            onChange={(value) => {
              void navigate({
                search: ({ layer: _layer, ...rest }) =>
                  value === '' ? rest : { ...rest, layer: value },
                resetScroll: false,
              });
            }}
          />
        </div>
      }
    >
      <ScrollTable label="Answers side by side">
        <thead>
          <tr>
            <HeadCell>Question</HeadCell>
            <HeadCell numeric>Weight</HeadCell>
            {comparison.vendors.map((vendor) => (
              <HeadCell key={vendor.id}>{vendor.name}</HeadCell>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <QuestionRow key={row.question} row={row} />
          ))}
        </tbody>
      </ScrollTable>
    </Panel>
  );
}

function QuestionRow({ row }: { row: Row }) {
  return (
    <tr data-testid="vendor-question" data-value={row.question}>
      <RowHead className="max-w-80 min-w-48 align-top font-normal">
        {row.ask} <span className="block text-2xs text-ink-3">{row.question}</span>
      </RowHead>
      <Cell numeric className="align-top">
        {row.weight}
      </Cell>
      {row.cells.map((cell) => (
        <Cell key={cell.vendor} className="min-w-36 align-top">
          <AnswerCell cell={cell} question={row.question} />
        </Cell>
      ))}
    </tr>
  );
}

function AnswerCell({ cell, question }: { cell: VendorCell; question: string }) {
  const grade = VENDOR_GRADES[cell.grade];
  const { answer } = cell;
  const words = [answer?.value ?? '', answer?.text ?? ''].filter((part) => part !== '').join(': ');
  return (
    <div data-testid={`cell-${question}-${cell.vendor}`} data-value={cell.grade}>
      <span className="flex flex-wrap items-center gap-1">
        <Badge tone={grade.tone} title={REASONS[cell.reason]}>
          {grade.label}
        </Badge>
        {cell.reason === 'contradicted' ? <Badge tone="bad">contradicted</Badge> : null}
        {cell.isUnwanted ? <Badge tone="warn">not as wanted</Badge> : null}
        {cell.simulated ? <Badge tone="sim">SIMULATED</Badge> : null}
      </span>
      {words === '' ? null : <span className="block break-words">{words}</span>}
      <span className="block text-2xs text-ink-3">
        {cell.note === '' ? REASONS[cell.reason] : cell.note}
        {cell.ageDays === null ? '' : `, ${cell.ageDays} days old`}
      </span>
    </div>
  );
}
