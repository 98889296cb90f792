const Service = require('./GraphService');

async function report() {
    const service = new Service();
    console.log(await service.users());
}

report();
