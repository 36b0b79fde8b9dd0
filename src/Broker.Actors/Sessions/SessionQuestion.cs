using Broker.Actors.Channels;

namespace Broker.Actors.Sessions;

/// <summary>A session's question to a channel: brings the answer back to the session's loop.</summary>
internal sealed class SessionQuestion(SessionActor session, object call) : IQuestion
{
    public void Answer(object page) => session.TellOrCall(page switch
    {
        HistoryPage history => new SessionMessage.History(call, history),
        PresencePage presence => new SessionMessage.Presence(call, presence),
        _ => throw new ArgumentException($"Not an answer: {page.GetType().Name}.", nameof(page)),
    });
}
