using System.Diagnostics;
using System.Globalization;
using Broker.TestKit.Deployments;

namespace Broker.TestKit.Campaigns;

/// <summary>Episode after episode over one cluster of real nodes and servers. docs/campaign.md says how to run it, and what came of it.</summary>
public static class CampaignRun
{
    private const int Nodes = 3;

    /// <returns>Every episode in its order.</returns>
    public static async Task<IReadOnlyList<EpisodeResult>> RunAsync(CampaignOptions options, CancellationToken cancellationToken)
    {
        var results = new List<EpisodeResult>();
        await using var deployment = await DeployedCluster.StartAsync(
            new DeploymentOptions { Nodes = Nodes + 1, Running = Nodes, HasProxies = true, RabbitMqNodes = options.RabbitMqNodes, Settings = CampaignApp.Settings }, cancellationToken);
        var began = Stopwatch.GetTimestamp();
        for (var number = options.From; results.Count < options.Episodes && Stopwatch.GetElapsedTime(began) < options.Length; number++)
        {
            await deployment.WaitUntilReadyAsync(cancellationToken);
            using var episode = new CampaignEpisode(deployment, options, Nodes, number);
            var result = await episode.RunAsync(cancellationToken);
            results.Add(result);
            options.Say(result.Violations.Count > 0 ? result.ToString() : result.Summary);
            if (result.Violations.Count > 0)
            {
                await KeepAsync(options, result, deployment, cancellationToken);
            }
        }

        return results;
    }

    /// <summary>Whoever looks for the cause has all that was seen and said.</summary>
    private static async Task KeepAsync(CampaignOptions options, EpisodeResult result, DeployedCluster deployment, CancellationToken cancellationToken)
    {
        if (options.Folder is not { Length: > 0 } folder)
        {
            return;
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"seed-{options.Seed}-episode-{result.Number}");
        Directory.CreateDirectory(folder);
        await File.WriteAllLinesAsync(
            Path.Combine(folder, name + ".txt"),
            [result.ToString(), .. result.Violations.Select(violation => violation.ToString()), .. result.History.Select(record => record.ToString())],
            cancellationToken);
        foreach (var node in deployment.Nodes.Where(node => node.IsRunning))
        {
            await File.WriteAllTextAsync(Path.Combine(folder, $"{name}-{node.Life}.log"), node.Log, cancellationToken);
        }
    }
}
