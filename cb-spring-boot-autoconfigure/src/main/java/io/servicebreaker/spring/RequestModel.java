package io.servicebreaker.spring;

import org.springframework.util.ClassUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The model that the JSON text of a request asks for, for the adapters of clients. */
public final class RequestModel {

    private static final boolean JACKSON =
            ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", RequestModel.class.getClassLoader());

    /** Who names the model names it among the first things. */
    private static final int FURTHEST = 64 * 1024;

    private RequestModel() {}

    /** The {@code model} that a request names within its first 64 KB; empty if it names none, or without Jackson 3. */
    public static String in(byte[] request) {
        return JACKSON && request.length > 0 && request[0] == '{' ? Reading.modelIn(request) : "";
    }

    /** Apart from the rest, since Jackson may be absent. */
    private static final class Reading {

        private static final JsonFactory JSON = new JsonFactory();

        static String modelIn(byte[] request) {
            int length = Math.min(request.length, FURTHEST);
            try (JsonParser tokens = JSON.createParser(ObjectReadContext.empty(), request, 0, length)) {
                tokens.nextToken();
                while (tokens.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean isModel = "model".equals(tokens.currentName());
                    if (tokens.nextToken() == JsonToken.VALUE_STRING && isModel) {
                        return tokens.getString();
                    }
                    tokens.skipChildren();
                }
            } catch (JacksonException e) {
                return "";
            }
            return "";
        }
    }
}
