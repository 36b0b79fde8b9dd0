using System.Text;
using Broker.Cluster.RabbitMq.Source;
using Broker.Messages;
using Broker.TestKit.Proxies;
using Broker.TestKit.Servers;
using RabbitMQ.Client;

namespace Broker.Cluster.RabbitMq.Tests.Source;

/// <summary>A source on a real RabbitMQ, over an ingress of the test's.</summary>
[Trait("Needs", "rabbitmq")]
public sealed class RabbitMqSourceTests(RabbitMqFixture rabbit)
{
    [Fact]
    public async Task Message_OfTheDocumentedForm_IsPublished_AndAcknowledged()
    {
        await using var backend = await Backend.ConnectAsync(await rabbit.ServerAsync());
        var ingress = new RecordedIngress();
        await using var source = await backend.SourceAsync(ingress);

        await backend.PublishAsync("chat", "{\"text\": \"hola!\"}"u8.ToArray(), new BasicProperties
        {
            Type = "said",
            MessageId = "m1",
            ContentType = "application/json",
            Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["app"] = "shop" },
        });
        (await ingress.NextAsync()).ShouldBe("shop/chat said {\"text\": \"hola!\"} m1");
        await backend.PublishAsync("chat", "null");
        (await ingress.NextAsync()).ShouldBe("default/chat  null ");

        await Backend.UntilAsync(() => source.Counters is { Published.Value: 2, UnderWay: 0 });
        await source.StopAsync();
        (await backend.WaitingAsync()).ShouldBe(0u);
    }

    [Theory]
    [InlineData("bad_json", "chat", "{", null, null)]
    [InlineData("data_too_large", "chat", "[[1234567890,1234567890]]", null, null)]
    [InlineData("bad_parameter", "", "1", null, null)]
    [InlineData("bad_parameter", "chat", "1", "channel", "chat")]
    [InlineData("unknown_app", "chat", "1", "app", "nobody")]
    [InlineData("unsupported_media_type", "chat", "1", "content_type", "text/plain")]
    [InlineData("forbidden", "chat", "Forbidden", null, null)]
    [InlineData("invalid_channel", "chat", "InvalidChannel", null, null)]
    [InlineData("event_name_too_long", "chat", "EventNameTooLong", null, null)]
    [InlineData("invalid_idempotency_key", "chat", "InvalidKey", null, null)]
    [InlineData("internal_error", "chat", "NotSubscribed", null, null)]
    public async Task Message_ThatCanNeverBePublished_IsPutAside_WithItsReason(string reason, string channel, string data, string? what, string? value)
    {
        await using var backend = await Backend.ConnectAsync(await rabbit.ServerAsync());
        var ingress = new RecordedIngress { Answer = static (_, text) => Task.FromResult(text[0] == '"' ? Enum.Parse<Refusal>(text.Trim('"')) : Refusal.None) };
        await using var source = await backend.SourceAsync(ingress, options => options.DataBytes = 24);
        var properties = new BasicProperties { MessageId = "m1", Expiration = "60000", UserId = "guest", Headers = new Dictionary<string, object?>(StringComparer.Ordinal) { ["mine"] = "kept" } };
        if (what == "content_type")
        {
            properties.ContentType = value;
        }
        else if (what is not null)
        {
            properties.Headers[what] = value;
        }

        var body = char.IsAsciiLetter(data[0]) ? $"\"{data}\"" : data;
        await backend.PublishAsync(channel, Encoding.UTF8.GetBytes(body), properties);
        await backend.PublishAsync("chat", "2");   // which is not held up
        (await ingress.NextAsync()).ShouldBe("default/chat  2 ");

        var dead = await backend.NextDeadAsync();
        Backend.Header(dead, "x-broker-reason").ShouldBe(reason);
        Backend.Header(dead, "x-broker-detail").ShouldNotBeEmpty();
        Backend.Header(dead, "x-broker-user-id").ShouldBe("guest");
        Backend.Header(dead, "mine").ShouldBe("kept");
        Encoding.UTF8.GetString(dead.Body.Span).ShouldBe(body);
        dead.RoutingKey.ShouldBe(channel);
        dead.BasicProperties.MessageId.ShouldBe("m1");
        dead.BasicProperties.DeliveryMode.ShouldBe(DeliveryModes.Persistent);
        dead.BasicProperties.IsExpirationPresent().ShouldBeFalse();
        await Backend.UntilAsync(() => source.Counters.DeadLettered[reason] == 1 && source.Counters.UnderWay == 0);
    }

    [Fact]
    public async Task Message_LargerThanAnyEvent_IsPutAside()
    {
        await using var backend = await Backend.ConnectAsync(await rabbit.ServerAsync());
        using var log = new LogLines();
        await using var source = await backend.SourceAsync(new RecordedIngress(), loggers: log);

        await backend.PublishAsync("chat", new byte[65 << 20], new BasicProperties());   // more than the client library takes by default

        await Backend.UntilAsync(() => source.Counters.DeadLettered["data_too_large"] == 1);
        source.Counters.Connects.Value.ShouldBe(1, string.Join('\n', log.All()));
    }

    [Theory]
    [InlineData(Refusal.Unavailable)]
    [InlineData(Refusal.OutcomeUnknown)]
    public async Task Refusal_ThatPasses_HoldsUpItsChannel_InOrder_AndNoOther(Refusal refusal)
    {
        await using var backend = await Backend.ConnectAsync(await rabbit.ServerAsync());
        var refused = 3;
        var ingress = new RecordedIngress
        {
            Answer = (channel, text) => Task.FromResult(channel.Text == "held" && text == "1" && Interlocked.Decrement(ref refused) >= 0 ? refusal : Refusal.None),
        };
        await using var source = await backend.SourceAsync(ingress);

        await backend.PublishAsync("held", "1");
        await backend.PublishAsync("held", "2");
        await backend.PublishAsync("free", "3");

        (await ingress.NextAsync()).ShouldBe("default/free  3 ");
        (await ingress.NextAsync()).ShouldBe("default/held  1 ");
        (await ingress.NextAsync()).ShouldBe("default/held  2 ");
        source.Counters.Retried[refusal].ShouldBe(3);
    }

    [Fact]
    public async Task Rate_ThatIsMet_IsWaitedFor()
    {
        await using var backend = await Backend.ConnectAsync(await rabbit.ServerAsync());
        var refused = 2;
        var ingress = new RecordedIngress { MayPublish = _ => Interlocked.Decrement(ref refused) < 0 };
        await using var source = await backend.SourceAsync(ingress);

        await backend.PublishAsync("chat", "1");

        (await ingress.NextAsync()).ShouldBe("default/chat  1 ");
        source.Counters.Retried[Refusal.TooManyPublishes].ShouldBe(2);
    }

    [Fact]
    public async Task Prefetch_BoundsWhatIsUnderWay()
    {
        await using var backend = await Backend.ConnectAsync(await rabbit.ServerAsync());
        var answer = new TaskCompletionSource<Refusal>(TaskCreationOptions.RunContinuationsAsynchronously);
        var ingress = new RecordedIngress { Answer = (_, _) => answer.Task };
        await using var source = await backend.SourceAsync(ingress, options => options.Prefetch = 5);

        for (var i = 0; i < 20; i++)
        {
            await backend.PublishAsync($"c{i}", $"{i}");
        }

        await Backend.UntilAsync(() => source.Counters.UnderWay == 5);
        while (await backend.WaitingAsync() != 15)
        {
            await Task.Yield();
        }

        answer.SetResult(Refusal.None);
        await Backend.UntilAsync(() => source.Counters.Published.Value == 20);
        ingress.MaxUnderWay.ShouldBe(5);
    }

    [Fact]
    public async Task RabbitMq_Restarted_LosesNothing()
    {
        await using var server = await RabbitMqServer.StartAsync();
        var ingress = new RecordedIngress();
        RabbitMqSource source;
        string name;
        await using (var backend = await Backend.ConnectAsync(server))
        {
            name = backend.Name;
            var held = new TaskCompletionSource<Refusal>(TaskCreationOptions.RunContinuationsAsynchronously);
            ingress.Answer = (_, _) => held.Task;
            source = await backend.SourceAsync(ingress, options => options.Prefetch = 10);
            for (var i = 0; i < 50; i++)
            {
                await backend.PublishAsync("chat", $"{i}", $"m{i}");
            }

            await Backend.UntilAsync(() => source.Counters.UnderWay == 10);
            await server.StopAsync();
            await Backend.UntilAsync(() => !source.Counters.IsConnected);
            ingress.Answer = static (_, _) => Task.FromResult(Refusal.None);
            await server.StartAgainAsync();
        }

        await using (source)
        {
            for (var i = 0; i < 50; i++)
            {
                (await ingress.NextAsync()).ShouldBe($"default/chat  {i} m{i}");
            }

            await Backend.UntilAsync(() => source.Counters.UnderWay == 0);
            source.Counters.Redelivered.Value.ShouldBeGreaterThanOrEqualTo(10);
        }
    }

    /// <summary>Whoever is active is cut off, over and over: as killed processes are.</summary>
    [Fact]
    public async Task ActiveNode_LostOverAndOver_EveryMessageIsPublishedOnce_InItsChannelsOrder()
    {
        const int Messages = 4_000;
        const int Channels = 7;
        var server = await rabbit.ServerAsync();
        await using var backend = await Backend.ConnectAsync(server);
        var ingress = new RecordedIngress { Answer = static async (_, _) => { await Task.Yield(); return Refusal.None; } };
        await using var one = new FaultProxy(server.EndPoint);
        await using var other = new FaultProxy(server.EndPoint);
        await using var first = await backend.SourceAsync(ingress, through: RabbitMqServer.Uri(one.EndPoint));
        await using var second = await backend.SourceAsync(ingress, through: RabbitMqServer.Uri(other.EndPoint));

        using var published = new CancellationTokenSource();
        var breaking = Task.Run(async () =>
        {
            for (var active = 0; !published.IsCancellationRequested; active++)
            {
                var before = ingress.All.Count;
                await Backend.UntilAsync(() => published.IsCancellationRequested || ingress.All.Count > before + 150);
                (active % 2 == 0 ? one : other).Break();
            }
        });
        await Task.WhenAll(Enumerable.Range(0, Messages).Select(i => backend.PublishAsync($"c{i % Channels}", $"{i}", $"m{i}")));
        await Backend.UntilAsync(() => ingress.All.Count >= Messages);
        await published.CancelAsync();
        await breaking;

        (first.Counters.Connects.Value + second.Counters.Connects.Value).ShouldBeGreaterThan(6);
        (first.Counters.Redelivered.Value + second.Counters.Redelivered.Value).ShouldBeGreaterThan(0);
        foreach (var channel in ingress.All.GroupBy(emitted => emitted.Split(' ')[0], StringComparer.Ordinal))
        {
            channel.Select(emitted => int.Parse(emitted.Split(' ')[2], System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(
                Enumerable.Range(0, Messages).Where(i => channel.Key == $"default/c{i % Channels}"), channel.Key);
        }
    }

    /// <summary>Without any <c>message_id</c>: nothing tells a repeat, so there must be none.</summary>
    [Fact]
    public async Task Node_ThatLeavesInOrder_PublishesNothingTwice_AndTheNextGoesOnInOrder()
    {
        const int Messages = 1_000;
        await using var backend = await Backend.ConnectAsync(await rabbit.ServerAsync());
        var ingress = new RecordedIngress { Answer = static async (_, _) => { await Task.Delay(1); return Refusal.None; } };
        await using var first = await backend.SourceAsync(ingress);
        await using var second = await backend.SourceAsync(ingress);

        await Task.WhenAll(Enumerable.Range(0, Messages).Select(i => backend.PublishAsync("chat", $"{i}")));
        await Backend.UntilAsync(() => ingress.All.Count > Messages / 4);
        await first.StopAsync();
        await Backend.UntilAsync(() => ingress.All.Count >= Messages && second.Counters.UnderWay == 0);

        second.Counters.Published.Value.ShouldBeGreaterThan(0);
        first.Counters.UnderWay.ShouldBe(0);
        ingress.All.ShouldBe(Enumerable.Range(0, Messages).Select(i => $"default/chat  {i} "));
    }

    /// <summary>RabbitMQ may have given to another node meanwhile what it held.</summary>
    [Fact]
    public async Task Node_ThatStoodStill_BeginsNothingOfWhatItHolds_AndConnectsAgain()
    {
        await using var backend = await Backend.ConnectAsync(await rabbit.ServerAsync());
        var held = new TaskCompletionSource<Refusal>();   // goes on at once, before the node looks at its clock by itself
        using var log = new LogLines();
        var isOver = false;
        var ingress = new RecordedIngress
        {
            Answer = (_, text) =>
            {
                isOver = text == "2" ? log.All().Any(IsOfStandstill) : isOver;
                return held.Task;
            },
        };
        var time = new LeapingTime();
        await using var source = await backend.SourceAsync(ingress, loggers: log, time: time);
        await backend.PublishAsync("chat", "1", "m1");
        await backend.PublishAsync("chat", "2");
        await Backend.UntilAsync(() => source.Counters.UnderWay == 2);

        time.Leap(TimeSpan.FromSeconds(5));
        held.SetResult(Refusal.None);
        await Backend.UntilAsync(() => source.Counters is { Connects.Value: 2, IsConnected: true });
        await backend.PublishAsync("chat", "3");

        (await ingress.NextAsync()).ShouldBe("default/chat  1 m1");
        (await ingress.NextAsync()).ShouldBe("default/chat  2 ");
        (await ingress.NextAsync()).ShouldBe("default/chat  3 ");
        isOver.ShouldBeTrue("2 was begun over the connection of before");

        static bool IsOfStandstill(string line) => line.Contains("the node stood still", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Connecting_ThatTakesItsTime_IsNoStandstill()
    {
        var server = await rabbit.ServerAsync();
        await using var backend = await Backend.ConnectAsync(server);
        await using var proxy = new FaultProxy(server.EndPoint);
        proxy.Delay(TimeSpan.FromMilliseconds(100));
        var ingress = new RecordedIngress();
        var time = new LeapingTime();
        using var log = new LogLines();
        var starting = backend.SourceAsync(ingress, through: RabbitMqServer.Uri(proxy.EndPoint), loggers: log, time: time);
        await Backend.UntilAsync(() => proxy.ConnectionCount > 0);

        time.Leap(TimeSpan.FromSeconds(5));   // before the handshake is over, which takes several times as long as the way there
        await using var source = await starting;
        await backend.PublishAsync("chat", "1");

        (await ingress.NextAsync()).ShouldBe("default/chat  1 ");
        await Backend.UntilAsync(() => source.Counters.UnderWay == 0);
        source.Counters.Connects.Value.ShouldBe(1, string.Join('\n', log.All()));
    }

    [Fact]
    public async Task DeadLetters_ThatNobodyTakes_AreNotLost()
    {
        var server = await rabbit.ServerAsync();
        await using var backend = await Backend.ConnectAsync(server);
        var ingress = new RecordedIngress();
        using var log = new LogLines();
        await using var source = await backend.SourceAsync(ingress, loggers: log);
        await backend.Channel.QueueUnbindAsync(backend.Dead, backend.Dead, "");

        await backend.PublishAsync("chat", "{");
        await Backend.UntilAsync(() => log.All().Any(line => line.Contains("does not take it", StringComparison.Ordinal)));
        source.Counters.UnderWay.ShouldBe(1);
        await backend.Channel.QueueBindAsync(backend.Dead, backend.Dead, "");

        Backend.Header(await backend.NextDeadAsync(), "x-broker-reason").ShouldBe("bad_json");
    }

    [Fact]
    public async Task Queue_ThatIsDeleted_IsMadeAgain()
    {
        await using var backend = await Backend.ConnectAsync(await rabbit.ServerAsync());
        var ingress = new RecordedIngress();
        await using var source = await backend.SourceAsync(ingress);

        await backend.Channel.QueueDeleteAsync(backend.Name);
        await Backend.UntilAsync(() => source.Counters is { Connects.Value: 2, IsConnected: true });
        await backend.PublishAsync("chat", "1");

        (await ingress.NextAsync()).ShouldBe("default/chat  1 ");
    }

    [Fact]
    public async Task Queue_OfAnotherSort_IsNotUsed_WhichIsLoggedOnce_WithoutThePassword()
    {
        var server = await rabbit.ServerAsync();
        await using var backend = await Backend.ConnectAsync(server);
        using var log = new LogLines();
        await backend.Channel.QueueDeclareAsync(backend.Name, durable: true, exclusive: false, autoDelete: false);
        var options = new SourceOptions { ConnectionString = server.Uri().ToString(), Exchange = backend.Name, Queue = backend.Name };
        await using var source = new RabbitMqSource(options, new RecordedIngress(), new RecordedIngress(), log, TimeProvider.System);

        source.Start();
        await Backend.UntilAsync(() => source.Counters.FailedConnects.Value > 2);

        log.All().Count(line => line.StartsWith("Warning", StringComparison.Ordinal)).ShouldBe(1);
        log.All().ShouldContain(line => line.Contains("PRECONDITION_FAILED", StringComparison.Ordinal));
        log.All().ShouldAllBe(line => !line.Contains("guest:guest", StringComparison.Ordinal));
    }
}
