import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** Those with a thousand registrations last: most changes are noticed before. */
class QuickFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isSlow = ({ moduleId }: TestSpecification) => moduleId.includes('/obligation');
    return [...files.filter((file) => !isSlow(file)), ...files.filter(isSlow)];
  }
}

/** The examples of the domain alone: a change that only random stories notice is one that no example speaks of. */
export default defineConfig({
  test: {
    include: ['packages/domain/src/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/{properties,naive-*}.test.ts'],
    reporters: [],
    // One after the other in the same worker, which need not load everything again for each of them.
    isolate: false,
    sequence: { sequencer: QuickFirst },
  },
});
