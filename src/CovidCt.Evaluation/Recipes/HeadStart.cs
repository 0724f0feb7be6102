namespace CovidCt.Recipes;

/// <summary>What the classifier of a network begins with.</summary>
public enum HeadStart
{
    /// <summary>Values drawn at random, the paper's way.</summary>
    Random,

    /// <summary>
    /// The ridge solution on the features that the network has of its training images before it is trained, scaled so that scores
    /// spread as far as those of the random values that it takes the place of.
    /// </summary>
    Ridge,
}
