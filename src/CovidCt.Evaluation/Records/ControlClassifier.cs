namespace CovidCt.Records;

/// <summary>What is asked about a network's features.</summary>
public enum ControlClassifier
{
    /// <summary>A linear head, fitted by ridge regression.</summary>
    Head,

    /// <summary>The five nearest training images.</summary>
    Neighbours,
}
