namespace Broker.Actors.Loops;

/// <summary>Work that a loop does once in a phase of the current tick, however often it was asked for.</summary>
public interface IDeferred
{
    void Run();
}
