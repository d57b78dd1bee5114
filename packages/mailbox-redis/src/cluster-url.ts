export interface ClusterAddress {
  readonly nodes: readonly { readonly host: string; readonly port: number }[];
  readonly login: { readonly username?: string; readonly password?: string };
}

const scheme = 'redis-cluster://';
const defaultPort = 6379;

/**
 * redis-cluster://[user:password@]host[:port][,host[:port]…]; undefined for any other scheme.
 * @throws Error when it is of this scheme and can't be read
 */
export function parseClusterUrl(url: string): ClusterAddress | undefined {
  if (!url.startsWith(scheme)) return undefined;
  const authority = url.slice(scheme.length).replace(/\/$/, '');
  const hostsFrom = authority.lastIndexOf('@') + 1;
  const { username, password } = parsed(`${authority.slice(0, hostsFrom)}host`);
  const nodes = authority
    .slice(hostsFrom)
    .split(',')
    .map(parsed)
    .map(({ hostname, port }) => ({
      host: hostname.replaceAll(/[[\]]/g, ''),
      port: port === '' ? defaultPort : Number(port),
    }));
  return {
    nodes,
    login: {
      ...(username === '' ? {} : { username: decodeURIComponent(username) }),
      ...(password === '' ? {} : { password: decodeURIComponent(password) }),
    },
  };
}

function parsed(authority: string): URL {
  const url = URL.parse(`redis://${authority}`);
  // The text may hold a password.
  if (url === null || url.hostname === '' || /[/?#]/.test(url.pathname + url.search + url.hash)) {
    throw new Error(`a cluster's URL is ${scheme}[user:password@]host[:port][,host[:port]…]`);
  }
  return url;
}
