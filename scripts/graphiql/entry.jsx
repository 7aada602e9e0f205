// The query editor: GraphiQL, a fetcher to /graphql, and a token taken from the address.

import { GraphiQL } from 'graphiql';
import { useEffect, useMemo, useState } from 'react';
import { createRoot } from 'react-dom/client';
import 'graphiql/style.css';
import './own.css';

const DEFAULT_QUERY = `# One query; each role sees it in its own way.
#
# Your token goes into the box at the top right.
# "sudare serve --demo" prints a link for each role.

{
  me {
    id
    roles
  }
  customers(first: 5) {
    nodes {
      fullName
      phone
      email
      nationalId
      annualIncome
      birthDate
      owner {
        name
      }
      orders(first: 3) {
        nodes {
          orderNo
        }
      }
    }
  }
}
`;

/** Reads `#token=...` and takes it out of the address bar. A fragment is never sent to a server. */
function takeToken() {
  const token = new URLSearchParams(window.location.hash.slice(1)).get('token');
  if (token !== null) {
    const { pathname, search } = window.location;
    window.history.replaceState(window.history.state, '', pathname + search);
  }
  return token;
}

/** The browser tab's own storage, but without headers: the history would keep them, and a token with them. */
const storage = {
  get length() {
    return window.sessionStorage.length;
  },
  clear: () => window.sessionStorage.clear(),
  getItem: (key) => window.sessionStorage.getItem(key),
  removeItem: (key) => window.sessionStorage.removeItem(key),
  setItem(key, value) {
    const history = /:(queries|favorites)$/.test(key);
    const drop = (name, part) => (name === 'headers' ? undefined : part);
    window.sessionStorage.setItem(key, history ? JSON.stringify(JSON.parse(value, drop)) : value);
  },
};

/** Posts operations as the bearer of `token`. What is not JSON (a proxy's page, say) is shown as its status. */
function fetcherFor(token) {
  return async (operation, options) => {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        ...(token && { Authorization: `Bearer ${token}` }),
        ...options?.headers, // from the Headers tab
        'Content-Type': 'application/json',
        Accept: 'application/graphql-response+json, application/json;q=0.9',
      },
      body: JSON.stringify(operation),
      credentials: 'omit',
    });
    const text = await response.text();
    try {
      return JSON.parse(text);
    } catch {
      return { errors: [{ message: `HTTP ${response.status} ${response.statusText}: the answer is not JSON` }] };
    }
  };
}

/** Shows and takes the token; it counts on Enter, or when the box is left. */
function TokenBox({ token, onToken }) {
  const commit = (event) => onToken(event.target.value.trim());
  return (
    <label className="sudare-token">
      Token
      <input
        type="password"
        autoComplete="off"
        spellCheck={false}
        placeholder="none: anonymous"
        defaultValue={token}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit(event)}
      />
    </label>
  );
}

function Editor({ firstToken }) {
  const [token, setToken] = useState(firstToken);
  const fetcher = useMemo(() => fetcherFor(token), [token]);

  // A second link opened in the same tab changes only the fragment: the page is not loaded anew.
  useEffect(() => {
    const listen = () => setToken((old) => takeToken() ?? old);
    window.addEventListener('hashchange', listen);
    return () => window.removeEventListener('hashchange', listen);
  }, []);

  // The key makes a new editor for a new token, so that no answer or schema of the one before stays on the screen.
  return (
    <GraphiQL
      key={token}
      fetcher={fetcher}
      defaultQuery={DEFAULT_QUERY}
      isHeadersEditorEnabled
      shouldPersistHeaders={false}
      showPersistHeadersSettings={false}
      storage={storage}
    >
      <GraphiQL.Logo>
        <TokenBox token={token} onToken={setToken} />
      </GraphiQL.Logo>
    </GraphiQL>
  );
}

createRoot(document.getElementById('graphiql')).render(<Editor firstToken={takeToken() ?? ''} />);
