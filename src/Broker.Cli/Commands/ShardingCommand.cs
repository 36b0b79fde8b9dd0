using System.CommandLine;
using System.Globalization;
using Broker.Cli.Client;
using Broker.Messages.Admin;

namespace Broker.Cli.Commands;

/// <summary><c>pbm cluster-sharding</c>: which node owns which channels.</summary>
internal static class ShardingCommand
{
    public static Command Create(CommonOptions common) => new("cluster-sharding", "The shards, slots of channels: shards, move")
    {
        Shards(common),
        Move(common),
    };

    private static Command Shards(CommonOptions common)
    {
        var node = new Option<string?>("--node") { Description = "Only those of one node, by name or id", HelpName = "node" };
        var command = new Command("shards", "Lists the shards with their owners") { node };
        command.SetAction(async (result, token) =>
        {
            using var client = common.Client(result);
            var printer = common.Printer(result);
            var shards = await client.ShardsAsync(token);
            if (result.GetValue(node) is { } wanted)
            {
                shards = [.. shards.Where(shard => shard.Name == wanted || shard.Owner?.StartsWith(wanted, StringComparison.OrdinalIgnoreCase) == true)];
            }

            printer.Print(shards, AdminJson.Default.IReadOnlyListShardReport, shown => printer.Table(
                ["SHARD", "OWNER", "TERM", "HOLDERS"],
                shown.Select(Row)));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static string[] Row(ShardReport shard) =>
    [
        shard.Shard.ToString(CultureInfo.InvariantCulture),
        shard.Name ?? shard.Owner ?? "-",
        shard.Term.ToString(CultureInfo.InvariantCulture),
        shard.Holders.Count.ToString(CultureInfo.InvariantCulture),
    ];

    private static Command Move(CommonOptions common)
    {
        var shard = new Argument<int>("shard") { Description = "Its number" };
        var node = new Argument<string>("node") { Description = "The name or id of the node that is to own it" };
        var waiting = new Waiting(common.Surroundings);
        var command = new Command("move", "Gives a shard to another node, with all it holds; ask the node that owns it") { shard, node };
        waiting.AddTo(command);
        command.SetAction(async (result, token) =>
        {
            using var client = common.Client(result);
            var printer = common.Printer(result);
            var number = result.GetValue(shard);
            var order = await client.MoveAsync(number, result.GetValue(node)!, token);
            if (waiting.IsAsked(result))
            {
                await waiting.UntilAsync(result, cancellation => IsOwnedAsync(client, number, order.Node, cancellation), $"Shard {number} has moved", token);
            }

            printer.Print(order, AdminJson.Default.OrderReport, done => printer.Line($"shard {number}: {done.Outcome} to {done.Name}"));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static async Task<bool> IsOwnedAsync(AdminClient client, int shard, string node, CancellationToken cancellationToken) =>
        (await client.ShardsAsync(cancellationToken)).Any(one => one.Shard == shard && one.Owner == node);
}
