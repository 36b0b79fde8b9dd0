using System.CommandLine;
using System.Globalization;
using Broker.Cli.Client;
using Broker.Messages.Admin;

namespace Broker.Cli.Commands;

/// <summary><c>pbm cluster</c>: who is there, who should go.</summary>
internal static class ClusterCommand
{
    public static Command Create(CommonOptions common) => new("cluster", "The nodes: show, status, leave, down")
    {
        Show(common),
        Status(common),
        Leave(common),
        Down(common),
    };

    private static Command Show(CommonOptions common)
    {
        var command = new Command("show", "Lists the nodes");
        command.SetAction(async (result, token) =>
        {
            using var client = common.Client(result);
            var printer = common.Printer(result);
            printer.Print(await client.ShowAsync(token), AdminJson.Default.ClusterReport, report => printer.Table(
                ["NODE", "ID", "STATE", "BUS", "LEASE", "SHARDS", "VERSION", "URL"],
                report.Nodes.Select(node => Row(report, node))));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static string[] Row(ClusterReport report, ClusterNode node) =>
    [
        (node.Name.Length > 0 ? node.Name : "-") + (node.Id == report.Node ? " *" : ""),
        node.Id[..Math.Min(node.Id.Length, 12)],
        node.State,
        node.BusOk ? "ok" : "stale",
        node.Lease,
        node.OwnedShards.ToString(CultureInfo.InvariantCulture),
        node.Version.ToString(CultureInfo.InvariantCulture),
        node.Url.Length > 0 ? node.Url : "-",
    ];

    private static Command Status(CommonOptions common)
    {
        var nodes = new Option<int>("--nodes") { Description = "How many nodes must be up. Default: 1", HelpName = "number", DefaultValueFactory = _ => 1 };
        var waiting = new Waiting(common.Surroundings);
        var command = new Command("status", "Says in one line whether all is well; exit code 1 when it is not") { nodes };
        waiting.AddTo(command);
        command.SetAction(async (result, token) =>
        {
            using var client = common.Client(result);
            var printer = common.Printer(result);
            var report = await client.ShowAsync(token);
            if (waiting.IsAsked(result))
            {
                await waiting.UntilAsync(
                    result,
                    async cancellation => IsWell(report = await client.ShowAsync(cancellation), result.GetValue(nodes)),
                    "The cluster is healthy",
                    token);
            }

            printer.Print(report, AdminJson.Default.ClusterReport, shown => printer.Line(Line(shown, result.GetValue(nodes))));
            return (int)(IsWell(report, result.GetValue(nodes)) ? ExitCode.Ok : ExitCode.Refused);
        });
        return command;
    }

    private static bool IsWell(ClusterReport report, int nodes) => report.IsHealthy && report.Nodes.Count >= nodes;

    private static string Line(ClusterReport report, int nodes)
    {
        var up = report.Nodes.Count(node => node.State == ClusterNode.Up);
        var stale = report.Nodes.Count(node => node is { State: not ClusterNode.Gone, BusOk: false });
        var missing = up < nodes ? $", {nodes} wanted" : "";
        var bus = stale > 0 ? $", {stale} without the bus" : "";
        var unowned = report.UnownedShards > 0 ? $", {report.UnownedShards} without an owner" : "";
        return $"{(IsWell(report, nodes) ? "healthy" : "not healthy")}: {up} of {report.Nodes.Count} nodes up{missing}{bus}; {report.Shards} shards{unowned}";
    }

    private static Command Leave(CommonOptions common)
    {
        var node = new Argument<string?>("node") { Description = "Its name or id. Default: the node that is asked", Arity = ArgumentArity.ZeroOrOne };
        var waiting = new Waiting(common.Surroundings);
        var command = new Command("leave", "Asks a node to leave in good order: it hands its shards over, has its clients reconnect, and ends") { node };
        waiting.AddTo(command);
        command.SetAction(async (result, token) =>
        {
            using var client = common.Client(result);
            var printer = common.Printer(result);
            var asked = await client.ShowAsync(token);
            var order = await client.LeaveAsync(result.GetValue(node), token);
            if (waiting.IsAsked(result))
            {
                printer.Note($"{NameOf(order)} is leaving ...");
                await waiting.UntilAsync(
                    result, cancellation => IsGoneAsync(client, order.Node, order.Node == asked.Node, cancellation), $"{NameOf(order)} has left", token);
                order = order with { Outcome = "left" };
            }

            printer.Print(order, AdminJson.Default.OrderReport, done => printer.Line($"{NameOf(done)}: {done.Outcome}"));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    /// <param name="isAsked">It is the node that is asked itself: when it answers no more, it has gone.</param>
    private static async Task<bool> IsGoneAsync(AdminClient client, string node, bool isAsked, CancellationToken cancellationToken)
    {
        try
        {
            var report = await client.ShowAsync(cancellationToken);
            return report.Nodes.All(one => one.Id != node || one.State == ClusterNode.Gone);
        }
        catch (PbmFailure failure) when (isAsked && failure.Code == ExitCode.Unreachable)
        {
            return true;
        }
    }

    private static Command Down(CommonOptions common)
    {
        var node = new Argument<string>("node") { Description = "Its name or id" };
        var waiting = new Waiting(common.Surroundings);
        var command = new Command("down", "Has a node that has died taken for dead before its lease ends; refused while it may be alive") { node };
        waiting.AddTo(command);
        command.SetAction(async (result, token) =>
        {
            using var client = common.Client(result);
            var printer = common.Printer(result);
            var order = await client.DownAsync(result.GetValue(node)!, token);
            if (waiting.IsAsked(result))
            {
                await waiting.UntilAsync(
                    result,
                    async cancellation => (await client.ShowAsync(cancellation)).Nodes.All(one => one.Id != order.Node),
                    $"Others own the shards of {NameOf(order)}",
                    token);
            }

            printer.Print(order, AdminJson.Default.OrderReport, done => printer.Line($"{NameOf(done)}: {done.Outcome}"));
            return (int)ExitCode.Ok;
        });
        return command;
    }

    private static string NameOf(OrderReport order) => order.Name.Length > 0 ? order.Name : order.Node;
}
