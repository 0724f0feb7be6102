namespace CovidCt.Explanation;

/// <summary>Lets in who asks, in the order of asking: one alone, or a few together who may be.</summary>
/// <param name="most">How many are in together at most, at least 1.</param>
internal sealed class Turns(int most)
{
    /// <summary>How many can work at once without waiting for each other, and at least two.</summary>
    public static readonly int OneAProcessor = Math.Max(2, Environment.ProcessorCount);

    private readonly Lock _door = new();
    private readonly Queue<(bool Alone, ManualResetEventSlim Called)> _line = new();
    private int _inside;
    private bool _taken;

    /// <summary>Waits for its turn, which lasts until the result is disposed.</summary>
    /// <param name="alone">Whether nobody else may be in; otherwise it is together with others who say so.</param>
    public Turn Enter(bool alone)
    {
        ManualResetEventSlim called;
        lock (_door)
        {
            if (_line.Count == 0 && IsFree(alone))
            {
                Admit(alone);
                return new(this);
            }

            called = new();
            _line.Enqueue((alone, called));
        }

        using (called)
        {
            called.Wait();
        }

        return new(this);
    }

    private bool IsFree(bool alone) => !_taken && _inside < (alone ? 1 : most);

    private void Admit(bool alone)
    {
        _inside++;
        _taken = alone;
    }

    private void Leave()
    {
        lock (_door)
        {
            _inside--;
            _taken = false;
            while (_line.TryPeek(out var next) && IsFree(next.Alone))
            {
                _line.Dequeue();
                Admit(next.Alone);
                next.Called.Set();
            }
        }
    }

    /// <summary>A turn, to be disposed once.</summary>
    public readonly struct Turn(Turns turns) : IDisposable
    {
        public void Dispose() => turns.Leave();
    }
}
