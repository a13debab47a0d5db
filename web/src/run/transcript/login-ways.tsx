import { Link, useParams } from 'wouter';

/** What one does on the page where a run found no login: the remedy of the error speaks of the machine of the server. */
export function LoginWays() {
  const { run = '' } = useParams<{ run: string }>();
  return (
    <p>
      On this page: add a login under <Link href="/seeds">Seeds</Link>, or launch{' '}
      <Link href={`/new?from=${encodeURIComponent(run)}`}>the same again, changed</Link>, with that login or with
      another provider.
    </p>
  );
}
