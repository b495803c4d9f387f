import MerosCommand

await Meros.start()
