const Service = require('./GraphService');
const { clientCertificateFetched } = require('./keyVaultCertificate');

async function report() {
    await clientCertificateFetched();
    const service = new Service();
    console.log(await service.users());
}

report();
