/** Standard Webhooks signatures: ours on what we send, others' on what we receive. */
@NullMarked
package io.asyncproxy.signature;

import org.jspecify.annotations.NullMarked;
