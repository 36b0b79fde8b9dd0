using Broker.Cli;
using Broker.Cli.Commands;

// The operator's tool. docs/pbm.md lists its commands.
return await PbmCommand.RunAsync(args, Surroundings.OfTheProcess());
