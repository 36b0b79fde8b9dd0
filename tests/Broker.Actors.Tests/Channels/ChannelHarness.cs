using System.Text;
using Broker.Actors.Channels;
using Broker.Messages;

namespace Broker.Actors.Tests.Channels;

/// <summary>One channel, stepped by hand; what its steps want done is kept.</summary>
internal sealed class ChannelHarness : IEmitOrigin
{
    public ChannelHarness(ChannelOptions? options = null)
    {
        Budget = new HistoryBudget(1 << 30);
        Channel = new ChannelActor(Name, life: 7, term: 1, options ?? new ChannelOptions(), Budget);
    }

    public static ChannelName Name { get; } = new("default", "c");

    public static Incarnation Here { get; } = new(new Guid("11111111-1111-1111-1111-111111111111"));

    public static Incarnation There { get; } = new(new Guid("22222222-2222-2222-2222-222222222222"));

    public ChannelActor Channel { get; }

    public HistoryBudget Budget { get; }

    public long NowMs { get; set; } = 1_000_000;

    public Effects Effects { get; } = new();

    public List<ChannelEvent> Published => [.. Of(Effects.EffectKind.Publish).Select(effect => (ChannelEvent)effect.Subject)];

    public List<EmitResult> Answers => [.. Of(Effects.EffectKind.Answer).Select(effect => effect.Result)];

    public List<RoomInput> ToRooms => [.. Of(Effects.EffectKind.ToRooms).Select(effect => (RoomInput)effect.Subject)];

    public void Step(ChannelInput input) => Channel.Step(input, NowMs, Effects);

    public EmitResult Emit(string data = "1", string? key = null, bool wantsAnswer = true, SessionId? except = null, bool exceptCounts = false)
    {
        Step(new ChannelInput.Emit(
            Name,
            default,
            "e",
            Encoding.UTF8.GetBytes(data),
            except,
            exceptCounts,
            key is null ? null : new IdempotencyKey("u:ann", key),
            wantsAnswer ? this : null,
            "call"));
        return wantsAnswer ? Answers[^1] : default;
    }

    public RoomInput.Interested Interest(Incarnation node, Position? have = null, int subscribers = 0)
    {
        Step(new ChannelInput.Interest(node, have, subscribers));
        return (RoomInput.Interested)Effects.All[^1].Subject;
    }

    public HistoryPage History(Position? since = null, int limit = 1_000, bool backward = false)
    {
        Step(new ChannelInput.History(since, limit, backward, this));
        return (HistoryPage)Effects.All[^1].Reply!;
    }

    public PresencePage Presence()
    {
        Step(new ChannelInput.WhoIsHere(this));
        return (PresencePage)Effects.All[^1].Reply!;
    }

    public Refusal Join(Incarnation node, long session, string user, string info = "")
    {
        Step(new ChannelInput.Join(new SessionId(node, session), user, Encoding.UTF8.GetBytes(info), Ticket: session));
        var answered = (RoomInput.JoinAnswered)Effects.All[^1].Subject;
        answered.Ticket.ShouldBe(session);
        Effects.All[^1].Node.ShouldBe(node);
        return answered.Refusal;
    }

    public void Leave(Incarnation node, long session, string user) => Step(new ChannelInput.Leave(new SessionId(node, session), user));

    public static long[] Offsets(IEnumerable<ChannelEvent> events) => [.. events.Select(item => item.Offset)];

    void IEmitOrigin.Emitted(object? call, in EmitResult result)
    {
    }

    private IEnumerable<Effects.Effect> Of(Effects.EffectKind kind) => Effects.All.Where(effect => effect.Kind == kind);
}
