Console.WriteLine("covidct");
