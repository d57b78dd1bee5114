import type { LegacyAction, RoleId } from '@rollcall/domain';
import { legacyIdOf, type LegacyDocument } from '../legacy.ts';
import type { Context } from './context.ts';
import type { FindingFacts } from './findings.ts';
import type { Roles } from './roles.ts';
import { dateOf, fieldOf, isDocument, typeOf } from './values.ts';

/** As many lines as a fact of the journal carries: packages/domain/src/importing.ts. */
const linesMax = 100;
const actionPattern = /^[A-Za-z0-9_\-.: ]{1,64}$/;

/** The lines as far as they are facts. Of too many the last stay. */
export function historyOf(
  context: Context,
  document: LegacyDocument,
  roles: Roles,
  facts: FindingFacts,
): readonly LegacyAction[] {
  const { mapping, findings } = context;
  const field = mapping.registration.actionHistory;
  const list = fieldOf(document, field);
  if (list === undefined) return [];
  if (!Array.isArray(list)) {
    findings.found('history-unusable', { ...facts, field: field ?? '', value: typeOf(list) });
    return [];
  }
  const actions: LegacyAction[] = [];
  for (const value of (list as readonly unknown[]).slice(-linesMax)) {
    const action = isDocument(value) ? actionOf(context, value, roles) : undefined;
    if (action !== undefined) actions.push(action);
  }
  const lost = list.length - actions.length;
  if (lost > 0) findings.found('history-unusable', { ...facts, value: lost }, lost);
  return actions;
}

/** Who and when are left out where they can't be read; without a word for what was done the line says nothing. */
function actionOf(context: Context, line: LegacyDocument, roles: Roles): LegacyAction | undefined {
  const { mapping, userIdOf, timeZone } = context;
  const action = fieldOf(line, mapping.action.action);
  if (typeof action !== 'string' || !actionPattern.test(action)) return undefined;
  const performer = legacyIdOf(fieldOf(line, mapping.action.performedBy));
  const performedBy = performer && userIdOf(performer);
  const performedAt = dateOf(fieldOf(line, mapping.action.performedAt), timeZone);
  const fromRoleId = roleNamed(roles, fieldOf(line, mapping.action.previousValue));
  const toRoleId = roleNamed(roles, fieldOf(line, mapping.action.newValue));
  return {
    action,
    ...(performedBy === undefined ? {} : { performedBy }),
    ...(performedAt === undefined ? {} : { performedAt }),
    ...(fromRoleId === undefined ? {} : { fromRoleId }),
    ...(toRoleId === undefined ? {} : { toRoleId }),
  };
}

function roleNamed(roles: Roles, value: unknown): RoleId | undefined {
  const legacyRoleId = legacyIdOf(value);
  return legacyRoleId && roles.get(legacyRoleId)?.role.roleId;
}
