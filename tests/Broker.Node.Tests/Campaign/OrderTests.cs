using System.Globalization;
using Broker.Node.Tests.Connections;
using Broker.Node.Tests.Nodes;
using Broker.TestKit.WebSockets;

namespace Broker.Node.Tests.Campaign;

/// <summary>Every subscriber of a channel sees each of its events once, and all see them in one order.</summary>
[Trait("Needs", "server")]
public sealed class OrderTests
{
    private const int Channels = 4;
    private const int Publishers = 8;
    private const int Backends = 2;   // of the publishers
    private const int Phases = 5;
    private const int PerPhase = 5;   // events of one publisher to one channel
    private const int PerChannel = Publishers * Phases * PerPhase;

    [Theory]
    [InlineData(WayIn.Fast, 1_000)]
    [InlineData(WayIn.Pipe, 200)]
    [InlineData(WayIn.Upgrade, 200)]
    public async Task Subscribers_OfSeveralPublishers_SeeAllOnceInOneOrder(WayIn way, int subscribers)
    {
        using var patience = new CancellationTokenSource(NodeUnderTest.Patience);
        await using var node = await WaysIn.StartAsync(way, ("Broker:Loops", "4"));
        var crowd = Enumerable.Range(0, subscribers)
            .Select(n => Watch(node, n % 5 == 4 ? "/rocketws" : "/rpc", patience.Token, n % Channels, (n + 1) % Channels)).ToArray();
        var returners = Enumerable.Range(0, subscribers / 10).Select(n => Watch(node, "/rpc", patience.Token, n % Channels)).ToArray();
        var late = new List<Watcher>();
        await Parallel.ForEachAsync(crowd.Concat(returners), patience.Token, async (watcher, _) => await watcher.SubscribeAsync());
        var reading = crowd.Select(watcher => watcher.ReadToFenceAsync()).ToArray();
        var publishers = await CrowdClient.OpenManyAsync(Publishers - Backends, node.EndPoint(), "/rpc", cancellationToken: patience.Token);

        for (var phase = 0; phase < Phases; phase++)
        {
            var newcomers = Enumerable.Range(0, subscribers / 50).Select(n => Watch(node, "/rpc", patience.Token, n % Channels)).ToArray();
            late.AddRange(newcomers);
            await Task.WhenAll(
                Task.WhenAll(publishers.Select((client, n) => PublishAsync(client, n, phase))),
                Task.WhenAll(Enumerable.Range(publishers.Length, Backends).Select(n => EmitAsync(node, n, phase))),
                Task.WhenAll(newcomers.Select(watcher => watcher.SubscribeAsync())),
                Task.WhenAll(returners.Select(watcher => ComeBackAsync(watcher))));
        }

        await Task.WhenAll(Enumerable.Range(0, Channels).Select(channel => EmitAsync(node, new Sighting(channel, Sighting.Fence, 0))));
        await Task.WhenAll(reading);
        await Task.WhenAll(returners.Concat(late).Select(watcher => watcher.ReadToFenceAsync()));

        for (var channel = 0; channel < Channels; channel++)
        {
            var told = crowd[channel].Seen(channel);
            ShouldBeWhatWasPublished(told, channel);
            crowd[channel].Offsets(channel).ShouldBe(Enumerable.Range(1, PerChannel + 1).Select(n => (long)n));
            foreach (var watcher in crowd.Where(watcher => watcher.Watches(channel)))
            {
                watcher.Seen(channel).SequenceEqual(told).ShouldBeTrue($"A subscriber saw {Describe(watcher.Seen(channel), told)}");
            }

            foreach (var watcher in returners.Concat(late).Where(watcher => watcher.Watches(channel)))
            {
                var expected = told.Skip((int)watcher.BeganAt(channel)).ToArray();
                watcher.Seen(channel).SequenceEqual(expected).ShouldBeTrue($"One that came or came back saw {Describe(watcher.Seen(channel), expected)}");
                watcher.Offsets(channel).ShouldBe(Enumerable.Range(1, PerChannel + 1).Select(n => (long)n).Skip((int)watcher.BeganAt(channel)));
            }
        }

        foreach (var watcher in crowd.Concat(returners).Concat(late))
        {
            watcher.Dispose();
        }

        Array.ForEach(publishers, publisher => publisher.Dispose());
        await node.WaitForSessionsAsync(0);
        await node.ShouldServeAsync();
    }

    private static Watcher Watch(BrokerNode node, string path, CancellationToken cancellationToken, params int[] channels) =>
        new(node.EndPoint(), path, channels, cancellationToken);

    /// <summary>Goes without having read all that was on its way, and is told the rest, of which it reads a little.</summary>
    private static async Task ComeBackAsync(Watcher watcher)
    {
        watcher.Drop();
        await watcher.SubscribeAsync();
        await watcher.ReadAsync(events: Publishers * PerPhase / 4);
    }

    /// <summary>As fast as it goes, and then waits for the answers.</summary>
    private static async Task PublishAsync(CrowdClient client, int publisher, int phase)
    {
        foreach (var sighting in Share(publisher, phase))
        {
            await client.SendAsync(Calls.Request("publish", $$"""{"channel":"{{Watcher.Name(sighting.Channel)}}","event":"e","data":{{sighting.Data}} }"""));
        }

        for (var answers = 0; answers < PerPhase * Channels; answers++)
        {
            (await client.ReceiveAsync()).ShouldContain("\"receivers\"");
        }
    }

    private static async Task EmitAsync(BrokerNode node, int publisher, int phase)
    {
        foreach (var sighting in Share(publisher, phase))
        {
            await EmitAsync(node, sighting);
        }
    }

    private static async Task EmitAsync(BrokerNode node, Sighting sighting)
    {
        using var body = new StringContent(
            Calls.Request("emit", $$"""{"channel":"{{Watcher.Name(sighting.Channel)}}","data":{{sighting.Data}} }"""));
        using var answer = await node.Http.PostAsync("/rocketws", body);
        (await answer.Content.ReadAsStringAsync()).ShouldContain("emitted: ");
    }

    private static IEnumerable<Sighting> Share(int publisher, int phase) =>
        from n in Enumerable.Range(phase * PerPhase, PerPhase)
        from channel in Enumerable.Range(0, Channels)
        select new Sighting(channel, publisher, n);

    private static void ShouldBeWhatWasPublished(IReadOnlyList<Sighting> told, int channel)
    {
        told.Count.ShouldBe(PerChannel + 1);
        told[^1].Publisher.ShouldBe(Sighting.Fence);
        for (var publisher = 0; publisher < Publishers; publisher++)
        {
            var numbers = told.Where(sighting => sighting.Publisher == publisher).Select(sighting => sighting.Number);
            numbers.SequenceEqual(Enumerable.Range(0, Phases * PerPhase)).ShouldBeTrue($"What publisher {publisher} sent to channel {channel} came otherwise");
        }
    }

    private static string Describe(IReadOnlyList<Sighting> seen, IReadOnlyList<Sighting> expected)
    {
        var at = seen.Zip(expected).TakeWhile(pair => pair.First == pair.Second).Count();
        return string.Create(CultureInfo.InvariantCulture, $"{seen.Count} events of {expected.Count}, the first {at} of them right");
    }
}
