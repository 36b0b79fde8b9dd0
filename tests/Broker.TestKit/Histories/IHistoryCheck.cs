namespace Broker.TestKit.Histories;

/// <summary>Looks for what breaks one promise, or a few that are read the same way.</summary>
internal interface IHistoryCheck
{
    void Check(HistoryIndex history, List<Violation> violations);
}
