import { type Fault, formatFault } from '@caruso/declarations';
import { CarusoError } from '@caruso/service-manager/contract';

/** The command was called in a way that makes no sense; exit code 2. */
export class WrongUsage extends CarusoError {}

export function folderNotEmpty(folder: string): CarusoError {
  return new WrongUsage({
    code: 'FOLDER_NOT_EMPTY',
    message: `'${folder}' exists and is not empty`,
    remedy: 'name a new folder',
  });
}

export function noFrontOffice(folder: string): CarusoError {
  return new WrongUsage({
    code: 'FRONT_OFFICE_MISSING',
    message: `'${folder}' holds no caruso.yaml`,
    remedy: 'go into the folder of a front office, or name it: --in <folder>',
  });
}

export function serviceNameInvalid(name: string): CarusoError {
  return new WrongUsage({
    code: 'SERVICE_NAME_INVALID',
    message: `'${name}' is not a name for a service`,
    remedy: 'write lower-case letters and digits, words with hyphens: price-lists',
  });
}

export function serviceExists(name: string, what: string): CarusoError {
  return new WrongUsage({
    code: 'SERVICE_EXISTS',
    message: `There is ${what} already, so '${name}' cannot be made`,
    remedy: 'choose another name',
  });
}

export function verticalUnknown(name: string, known: readonly string[]): CarusoError {
  return new WrongUsage({
    code: 'VERTICAL_UNKNOWN',
    message: `There is no vertical '${name}'`,
    remedy: `write one of ${known.join(', ')}, a package, or a folder (./...)`,
  });
}

export function alreadyRunning(folder: string, what: string, url: string, pid: number): CarusoError {
  return new CarusoError({
    code: 'ALREADY_RUNNING',
    message: `${what} in '${folder}' runs already: ${url === '' ? '' : `${url} `}(process ${pid})`,
    remedy: 'stop that one first, or name another folder',
  });
}

export function notRunning(folder: string): CarusoError {
  return new CarusoError({
    code: 'NOT_RUNNING',
    message: `No front office runs in '${folder}'`,
    remedy: 'start it (caruso start), or name its folder with --folder',
  });
}

export function serviceUnknown(name: string, known: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_UNKNOWN',
    message: `There is no component '${name}'`,
    remedy: `write one of ${known.join(', ')}`,
  });
}

export function actUnknown(words: readonly string[]): CarusoError {
  return new WrongUsage({
    code: 'ACT_UNKNOWN',
    message: `'caruso services ${words.join(' ')}' makes no sense`,
    remedy: 'write caruso services [NAME], or caruso services replace|roll-back|restart NAME',
  });
}

export function componentNotFound(name: string, use: string): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_NOT_FOUND',
    message: `component '${name}' uses '${use}', which is not there`,
    remedy: use.startsWith('.') ? 'correct the path' : `install it (npm install ${use})`,
  });
}

export function clusterMissing(): CarusoError {
  return new WrongUsage({
    code: 'CLUSTER_MISSING',
    message: 'this front office runs in one process: its caruso.yaml has no cluster:, or names no servers there',
    remedy: 'write cluster: { servers: "${NATS_URL}", secret: "${CLUSTER_SECRET}" }, and set both in the environment',
  });
}

export function nodeWithoutPart(node: string): CarusoError {
  return new WrongUsage({
    code: 'NODE_WITHOUT_PART',
    message: `it is not said what runs on the node '${node}'`,
    remedy: 'add --components with the names of what it runs, or --without with what it leaves to others',
  });
}

export function componentNotNamed(name: string, meant: string | undefined): CarusoError {
  return new WrongUsage({
    code: 'COMPONENT_UNKNOWN',
    message: `there is no component '${name}'${meant === undefined ? '' : `; did you mean '${meant}'?`}`,
    remedy: 'write a name under components: of caruso.yaml that is not left out',
  });
}

export function componentBound(name: string, providers: readonly string[]): CarusoError {
  const missing = providers.map((each) => `'${each}'`).join(' or ');
  return new WrongUsage({
    code: 'COMPONENT_BOUND',
    message: `'${name}' needs ${missing} in the same process, which is left out`,
    remedy: `leave '${name}' out too, or keep ${missing}`,
  });
}

export function componentUnloadable(name: string, use: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_INVALID',
    message: `component '${name}' (${use}) could not be loaded: ${messageOf(cause)}`,
    remedy: 'its default export must be a component made by defineComponent',
    cause,
  });
}

export function componentOutside(name: string, use: string, root: string): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_OUTSIDE',
    message: `component '${name}' may not come from '${use}', which lies outside the front office (${root})`,
    remedy: 'put the file into the services folder of the front office, or install it as a package',
    status: 400,
  });
}

export function componentUndeclared(name: string): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_UNDECLARED',
    message: `no caruso.yaml names a component '${name}'`,
    remedy: 'parts of Caruso itself have no entry; see caruso services for the others',
    status: 404,
  });
}

export function secretInClear(key: string): CarusoError {
  return new CarusoError({
    code: 'SECRET_IN_CLEAR',
    message: `'${key}' is a secret, which is not written into caruso.yaml`,
    remedy: 'name a variable of the environment, such as ${ERP_PASSWORD}, and set it where the front office is started',
    status: 400,
  });
}

export function manifestFaulty(faults: readonly Fault[]): CarusoError {
  return new CarusoError({
    code: 'DECLARATION_INVALID',
    message: faults.map((fault) => formatFault(fault)).join('\n'),
    remedy: 'nothing was written; correct what is named',
    status: 400,
    details: { faults },
  });
}

export function manifestUnwritable(file: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'MANIFEST_UNWRITABLE',
    message: `${file} could not be changed: ${messageOf(cause)}`,
    remedy: 'see that the file can be written and is sound YAML, or make the change by hand',
    cause,
  });
}

export function notListening(reason: string): CarusoError {
  return new CarusoError({
    code: 'NOT_LISTENING',
    message: `The front office does not listen: ${reason}`,
    remedy: 'run caruso check, and see what the service tree says',
  });
}

export function seedFailed(place: string, what: string, cause: unknown): CarusoError {
  const inner = cause instanceof CarusoError ? cause : undefined;
  return new CarusoError({
    code: 'SEED_FAILED',
    message: `${place} ${what} failed: ${messageOf(cause)}`,
    remedy: inner?.remedy ?? 'correct the seed file; nothing of it was kept',
    details: inner?.details,
    cause,
  });
}

export function demoDatabaseFailed(name: string, file: string, cause: unknown): CarusoError {
  return new CarusoError({
    code: 'DEMO_DATABASE_FAILED',
    message: `the demo database '${name}' could not be made from ${file}: ${messageOf(cause)}`,
    remedy: 'correct the statements, or the path after demo:',
    cause,
  });
}

export function urlUnsupported(url: string): CarusoError {
  return new WrongUsage({
    code: 'DATABASE_URL_INVALID',
    message: `'${url.replace(/:\/\/.*@/, '://***@')}' is not the address of a database`,
    remedy:
      'write sqlite:./file.db, postgres://user:password@host:5432/database or mariadb://user:password@host:3306/database',
  });
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

export function scriptEngineMissing(folder: string): CarusoError {
  return new CarusoError({
    code: 'SCRIPT_ENGINE_MISSING',
    message: `no component of ${folder} runs dialog scripts`,
    remedy: 'name one under components:, for instance scripts: { use: "@caruso/script-engine" }',
  });
}

export function scriptUnknown(name: string, known: readonly string[]): CarusoError {
  return new CarusoError({
    code: 'SCRIPT_UNKNOWN',
    message: `there is no '${name}'`,
    remedy: known.length === 0 ? 'there are none' : `there are: ${known.join(', ')}`,
  });
}

export function fileMissing(file: string | undefined): CarusoError {
  return new WrongUsage({
    code: 'FILE_MISSING',
    message:
      file === undefined
        ? 'No file is named, or no object that it is read into'
        : `There is no file '${file}', or --object is missing`,
    remedy: 'write: caruso import-data customers.csv --object Customer',
  });
}

export function mappingUnreadable(entry: string): CarusoError {
  return new WrongUsage({
    code: 'MAPPING_UNREADABLE',
    message: `'${entry}' does not say where a column goes`,
    remedy: "write --map 'Column=attribute', or 'Column=customer.email' for a reference that is looked up",
  });
}

export function componentNotServing(name: string, reason: string | undefined): CarusoError {
  return new CarusoError({
    code: 'COMPONENT_NOT_SERVING',
    message: `'${name}' does not serve: ${reason ?? 'caruso.yaml leaves it out'}`,
    remedy: '`caruso check` lists what is wrong with the declarations',
  });
}

export function noTypes(folder: string): CarusoError {
  return new CarusoError({
    code: 'MODEL_ABSENT',
    message: `No component of ${folder} has a model`,
    remedy: 'name the folder of a front office',
  });
}

export function signInMissing(url: string): CarusoError {
  return new CarusoError({
    code: 'SIGN_IN_MISSING',
    message: `${url} wants to know who asks`,
    remedy: 'set CARUSO_USER and CARUSO_PASSWORD to an administrator of it',
  });
}

export function differenceUnknown(name: string | undefined, known: readonly string[]): CarusoError {
  const more = known.length > 12 ? `, and ${known.length - 12} more` : '';
  return new CarusoError({
    code: 'DIFFERENCE_UNKNOWN',
    message: name === undefined ? 'no difference was chosen' : `there is no difference '${name}'`,
    remedy: `name some of ${known.slice(0, 12).join(', ') || 'none'}${more}, or take --all`,
  });
}
