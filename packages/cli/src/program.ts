import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import type { Invocation } from './commands/command.js';
import type { ServeOptions } from './commands/start.js';
import { WrongUsage } from './errors.js';
import { ExitCode } from './exit-code.js';
import type { Io } from './io.js';
import { cliRoot } from './places.js';
import { errorJson, printError } from './report.js';
import { legacyKinds } from './service-template.js';

/**
 * Runs the command line and gives its exit code: 0 well, 1 found faults or failed, 2 wrong usage. Never throws.
 *
 * @param argv what follows `caruso`
 */
export async function run(argv: readonly string[], io: Io): Promise<number> {
  let code: number = ExitCode.well;
  const program = createProgram(io, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.well : ExitCode.wrongUsage;
    if (argv.includes('--json')) io.out(JSON.stringify(errorJson(error)));
    else printError(io, error);
    return error instanceof WrongUsage ? ExitCode.wrongUsage : ExitCode.faults;
  }
}

/** Each command is loaded when it is called, so that help and `check` do not wait for what they do not use. */
function createProgram(io: Io, done: (code: number) => void): Command {
  const program = new Command('caruso')
    .description('Runs, checks and makes customer front offices out of folders of declarations.')
    .version(version())
    .configureOutput({
      writeOut: (text) => io.out(text.trimEnd()),
      writeErr: (text) => io.err(text.trimEnd()),
    })
    .showHelpAfterError('(--help tells more)')
    .showSuggestionAfterError()
    .exitOverride();
  const add = (usage: string, description: string, examples: readonly string[]) =>
    program
      .command(usage)
      .description(description)
      .option('--json', 'print JSON for programs')
      .addHelpText('after', `\nExamples:\n${examples.map((each) => `  $ ${each}`).join('\n')}`);
  const invocation = (options: { json?: boolean }): Invocation => ({ io, json: options.json ?? false });

  add('new <folder>', 'Makes a front office that extends a vertical', [
    'caruso new lumen --extends utility',
    'caruso new ./offices/harbour --extends banking',
    'caruso new depot --extends ../my-vertical',
  ])
    .requiredOption('--extends <vertical>', 'utility, banking, a package, or a folder (./...)')
    .action(async (folder: string, options) =>
      done(await (await import('./commands/new.js')).create(invocation(options), folder, options)),
    );

  add('new-service <name>', 'Writes a wrapper round a legacy system, with its test and a system to test it with', [
    'caruso new-service erp',
    'caruso new-service erp --legacy soap --class',
    'caruso new-service price-lists --legacy csv --in ./lumen',
  ])
    .addOption(new Option('--legacy <kind>', 'what the legacy system speaks').choices(legacyKinds).default('rest'))
    .option('--class', 'as a class wired by inversify, instead of as functions')
    .option('--in <folder>', 'the front office it is for', '.')
    .action(async (name: string, options) =>
      done(await (await import('./commands/new-service.js')).createService(invocation(options), name, options)),
    );

  add('check [folder]', 'Names every fault in the declarations, with file, line and column', [
    'caruso check',
    'caruso check examples/utility',
    'caruso check --json | jq .faults',
  ]).action(async (folder: string | undefined, options) =>
    done(await (await import('./commands/check.js')).check(invocation(options), folder ?? '.')),
  );

  add('types [folder]', 'Writes the model as TypeScript types and zod schemas, for services/*.ts', [
    'caruso types',
    'caruso types ./lumen --out services/model.ts',
    'caruso types --check',
  ])
    .option('--out <file>', 'the file, within the folder', 'services/model.ts')
    .option('--check', 'only says whether the file is what the model says')
    .option('--all', 'also the objects that components keep for themselves')
    .action(async (folder: string | undefined, options) =>
      done(await (await import('./commands/types.js')).types(invocation(options), folder ?? '.', options)),
    );

  const serving = (usage: string, description: string, examples: readonly string[], watchAll: boolean) =>
    add(usage, description, examples)
      .addOption(new Option('--port <number>', 'where the gateway listens; 0 takes any').argParser(portNumber))
      .option('--host <address>', 'the address it listens on')
      .option('--seed', 'load demo data; without it as `seed:` in caruso.yaml says')
      .option('--no-seed', 'load no demo data')
      .option('--strict', 'do not start with faults in the declarations')
      .addOption(new Option('--node <name>', 'joins a running front office as this node').argParser(nodeName))
      .addOption(new Option('--components <names>', 'only these, and what they need beside them').argParser(names))
      .addOption(new Option('--without <names>', 'all components but these').argParser(names).conflicts('components'))
      .addOption(new Option('--log <level>', 'what is logged').choices(['debug', 'info', 'warn', 'error', 'silent']))
      .action(async (folder: string | undefined, options: ServeOptions & { json?: boolean }) =>
        done(
          await (await import('./commands/start.js')).serve(invocation(options), folder ?? '.', {
            ...options,
            watchAll,
          }),
        ),
      );
  serving(
    'dev [folder]',
    'Runs the front office; saved declarations and services take effect at once',
    ['caruso dev', 'caruso dev examples/utility --port 9000'],
    true,
  );
  serving(
    'start [folder]',
    'Runs the front office; saved services take effect at once',
    [
      'caruso start',
      'caruso start examples/utility --port 8080',
      'caruso start --host 0.0.0.0 --no-seed --log info',
      'caruso start --node erp-1 --components billing',
    ],
    false,
  );

  const script = program.command('script').description('Tests dialog scripts, and runs one in the terminal');
  const addScript = (usage: string, description: string, examples: readonly string[]) =>
    script
      .command(usage)
      .description(description)
      .option('--json', 'print JSON for programs')
      .addHelpText('after', `\nExamples:\n${examples.map((each) => `  $ ${each}`).join('\n')}`);
  addScript('test [folder]', 'Runs the recorded cases, and made-up dialogs for the ways they do not take', [
    'caruso script test',
    'caruso script test examples/utility --script move',
  ])
    .option('--script <id>', 'this script alone')
    .option('--record', 'write the made-up dialogs as cases, to be looked through')
    .action(async (folder: string | undefined, options) =>
      done(await (await import('./commands/script.js')).testScripts(invocation(options), folder ?? '.', options)),
    );
  addScript('run <script> [folder]', 'Runs a script in the terminal, in memory', [
    'caruso script run move examples/utility',
    'caruso script run move examples/utility --channel voice --language nl',
  ])
    .addOption(new Option('--channel <channel>', 'as on this channel').choices(['chat', 'voice']))
    .option('--language <tag>', 'the language of the session')
    .option('--case <name>', 'the recorded case that says what look-ups find and actions give')
    .action(async (id: string, folder: string | undefined, options) =>
      done(await (await import('./commands/script.js')).runScript(invocation(options), id, folder ?? '.', options)),
    );

  add('migrate [folder]', 'Brings the managed databases to what the model wants', [
    'caruso migrate --plan',
    'caruso migrate examples/utility',
    'caruso migrate --allow-loss',
  ])
    .option('--plan', 'only show what would be done')
    .option('--allow-loss', 'also take steps that lose data')
    .action(async (folder: string | undefined, options) =>
      done(await (await import('./commands/migrate.js')).migrate(invocation(options), folder ?? '.', options)),
    );

  add('import <database-url>', 'Writes model files for a database there is, as an unmanaged database', [
    'caruso import sqlite:./northwind.db --into shop',
    'caruso import postgres://reader@localhost:5432/erp --into . --database erp',
  ])
    .requiredOption('--into <folder>', 'the front office that gets the model files; made where it is not there')
    .option('--database <name>', 'the name of the database in caruso.yaml; default: its own')
    .option('--force', 'write over model files that are there')
    .action(async (url: string, options) =>
      done(await (await import('./commands/import.js')).importDatabase(invocation(options), url, options)),
    );

  add('import-data [file]', 'Reads a CSV, XLSX or JSON file into business objects', [
    'caruso import-data customers.csv --object Customer --check',
    "caruso import-data customers.xlsx --object Customer --map 'E-mail=email' --match number",
    'caruso import-data --undo 0192f4c1-7b1e-7cc3-9c1f-6d2f3a0b5c11',
  ])
    .option('--folder <folder>', 'the front office; default: this folder')
    .option('--object <name>', 'what the rows become')
    .option('--map <column=attribute>', 'where a column goes; may be repeated', (entry: string, all: string[] = []) => [
      ...all,
      entry,
    ])
    .option('--saved <name>', 'a mapping that was saved')
    .option('--save-as <name>', 'saves the mapping under this name')
    .option('--match <attributes>', 'a row that agrees in these with a record changes it')
    .addOption(new Option('--found <what>', 'what is done with a record that is there').choices(['update', 'skip']))
    .addOption(new Option('--duplicates <what>', 'what is done with a duplicate').choices(['skip', 'update', 'create']))
    .option('--check', 'only tries every row')
    .option('--undo <import>', 'takes an import back')
    .action(async (file: string | undefined, options) =>
      done(await (await import('./commands/import-data.js')).importData(invocation(options), file, options)),
    );

  add('export-data <object>', 'Writes business objects into a file', [
    'caruso export-data Customer > customers.csv',
    'caruso export-data Customer --format xlsx --out customers.xlsx --where "segment = \'business\'"',
  ])
    .option('--folder <folder>', 'the front office; default: this folder')
    .addOption(new Option('--format <format>', 'how it is written').choices(['csv', 'xlsx', 'json']).default('csv'))
    .option('--out <file>', 'the file; default: standard output')
    .option('--columns <attributes>', 'attributes, in this order')
    .option('--where <condition>', 'which records')
    .option('--sort <attributes>', 'in which order; a leading minus sorts descending')
    .action(async (object: string, options) =>
      done(await (await import('./commands/export-data.js')).exportData(invocation(options), object, options)),
    );

  const model = program
    .command('model')
    .description('Compares the models of two installations, takes differences over, and renames');
  const addModel = (usage: string, description: string, examples: readonly string[]) =>
    model
      .command(usage)
      .description(description)
      .option('--json', 'print JSON for programs')
      .addHelpText('after', `\nExamples:\n${examples.map((each) => `  $ ${each}`).join('\n')}`);
  addModel('diff <from> <to>', 'What has to change in <to> so that its model says what that of <from> says', [
    'caruso model diff ./test ./production',
    'caruso model diff . https://crm.lumen.example',
  ]).action(async (from: string, to: string, options) =>
    done(await (await import('./commands/model.js')).diff(invocation(options), from, to)),
  );
  addModel('promote <from> <to> [names...]', 'Takes chosen differences over into <to>, with its databases', [
    'caruso model promote ./test ./production Customer.attributes.fax Visit --plan',
    'caruso model promote ./test https://crm.lumen.example --all',
  ])
    .option('--all', 'every difference')
    .option('--plan', 'only says what would change')
    .option('--allow-loss', 'takes steps that lose data too')
    .action(async (from: string, to: string, names: string[], options) =>
      done(await (await import('./commands/model.js')).promote(invocation(options), [from, to], names, options)),
    );

  addModel(
    'rename <name> <to>',
    'Calls an object, attribute or relation otherwise, wherever the declarations name it',
    ['caruso model rename Customer.phone telephone --plan', 'caruso model rename Case Ticket --folder ./lumen'],
  )
    .option('--folder <folder>', 'the front office, or its address; default: this folder')
    .option('--plan', 'only says what would change')
    .action(async (name: string, to: string, options) =>
      done(await (await import('./commands/model.js')).rename(invocation(options), name, to, options)),
    );

  add('services [words...]', 'What runs, or one component; replaces, rolls back and restarts it', [
    'caruso services',
    'caruso services billing',
    'caruso services examples/utility --json',
    'caruso services replace billing --use ./services/billing-v2.ts',
    'caruso services roll-back billing',
    'caruso services restart billing --folder examples/utility',
    'caruso services --node erp-1',
  ])
    .addOption(new Option('--node <name>', 'as this node of the folder sees it').argParser(nodeName))
    .option('--folder <folder>', 'the folder of the front office; default: this one')
    .option('--use <source>', 'replace: what the component comes from now, a file or a package')
    .action(async (words: string[], options) =>
      done(await (await import('./commands/services.js')).services(invocation(options), words, options)),
    );
  return program;
}

function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535');
  return port;
}

function nodeName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,62}$/.test(text)) return text;
  throw new InvalidArgumentError('a name of a node has lower-case letters, digits and hyphens');
}

function names(text: string): string[] {
  const found = text.split(',').flatMap((each) => each.trim() || []);
  if (found.length > 0) return found;
  throw new InvalidArgumentError('write names of components with commas between');
}

function version(): string {
  return (JSON.parse(readFileSync(join(cliRoot, 'package.json'), 'utf8')) as { version: string }).version;
}
