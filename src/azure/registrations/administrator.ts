/** What an administrator needs to do an upload by hand: the page of the portal, commands, requests. */
import { quotedForShell as quoted, uploadCommand } from '../../base/azCli.ts';
import type { Cloud } from '../types.ts';
import type { PublicCertificate } from './certificate.ts';
import { newEntry } from './changes.ts';
import type { AdministratorCalls, ApplicationName, UploadRequest } from './types.ts';

/** Names that `az cloud set` knows. */
const azClouds: Partial<Record<Cloud['name'], string>> = {
  usGovernment: 'AzureUSGovernment',
  china: 'AzureChinaCloud',
};

/** "Certificates & secrets" of a registration, in the tenant that it lies in. */
export function registrationLink(cloud: Cloud, { appId, tenant }: ApplicationName): string | undefined {
  if (cloud.portal === undefined) return undefined;
  const place = 'view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials';
  return `${cloud.portal}/#@${encodeURIComponent(tenant)}/${place}/appId/${encodeURIComponent(appId)}`;
}

export function administratorCalls(
  cloud: Cloud,
  request: UploadRequest,
  certificate: PublicCertificate,
  certificateFile: string,
): AdministratorCalls {
  const { appId, tenant, displayName } = request;
  const portal = registrationLink(cloud, request);
  const azCloud = azClouds[cloud.name];
  const name = displayName ?? certificate.subject;
  const address = `${cloud.graph}/v1.0/applications(appId='${appId}')`;
  return {
    ...(portal === undefined ? {} : { portal }),
    az: [
      ...(azCloud === undefined ? [] : [`az cloud set --name ${azCloud}`]),
      `az login --allow-no-subscriptions --tenant ${quoted(tenant)}`,
      uploadCommand({ appId, certificateFile, displayName: name, notAfter: certificate.notAfter }),
      `az ad app credential list --cert --id ${quoted(appId)}`,
    ],
    graph: [
      { method: 'GET', address: `${address}?$select=id,keyCredentials` },
      { method: 'PATCH', address, body: patchBody(newEntry(certificate, undefined, name)) },
    ],
  };
}

/** The list is replaced as a whole, so the others stand in it in words: sent without being filled in, Graph refuses it and nothing is lost. */
function patchBody(entry: object): string {
  const others = 'EVERY ENTRY THAT THE GET RETURNED, EACH WITH "key": null';
  return JSON.stringify({ keyCredentials: [others, entry] }, undefined, 2);
}
